import { Marker, type Map as View } from "maplibre-gl";
import type { Selection } from "./props.ts";

const SVG = "http://www.w3.org/2000/svg";

function shape(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function ring(): HTMLElement {
  const box = document.createElement("div");
  const drawing = shape("svg", { class: "pin-sel", viewBox: "0 0 74 74", "aria-hidden": "true" });
  drawing.append(
    shape("circle", { class: "r", cx: "37", cy: "37", r: "27" }),
    shape("path", { class: "t", d: "M37 2v9M37 63v9M2 37h9M63 37h9" }),
  );
  box.append(drawing);
  return box;
}

function name(label: string): HTMLElement {
  const tag = document.createElement("div");
  tag.className = "pin-name";
  tag.textContent = label;
  return tag;
}

/** The ring with four ticks and a label: round the chosen mark, or round the one a list row points at. */
export class Ring {
  private markers: Marker[] = [];

  constructor(private readonly view: View) {}

  show(chosen: Selection): void {
    this.clear();
    const at: [number, number] = [chosen.lon, chosen.lat];
    this.markers.push(new Marker({ element: ring() }).setLngLat(at).addTo(this.view));
    if (chosen.label) {
      const tag = new Marker({ element: name(chosen.label), anchor: "left", offset: [40, -14] });
      this.markers.push(tag.setLngLat(at).addTo(this.view));
    }
  }

  clear(): void {
    for (const marker of this.markers) marker.remove();
    this.markers = [];
  }
}

/** The thread from the chosen mark down to its card, drawn anew as map or card move. */
export function spin(view: View, chosen: Selection, card: HTMLElement): void {
  const host = view.getContainer();
  const line = document.createElement("div");
  line.className = "thread";
  host.append(line);
  const lay = (): void => {
    const at = view.project([chosen.lon, chosen.lat]);
    const box = card.getBoundingClientRect();
    const frame = host.getBoundingClientRect();
    const length = box.top - frame.top - at.y - 29;
    const above = frame.left + at.x > box.left && frame.left + at.x < box.right;
    line.hidden = length < 8 || !above;
    Object.assign(line.style, { left: `${at.x - 1}px`, top: `${at.y + 29}px`, height: `${Math.max(0, length)}px` });
  };
  view.on("move", lay);
  new ResizeObserver(lay).observe(card);
  lay();
}
