import { Marker, type Map as View, type PaddingOptions } from "maplibre-gl";
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

/** The thread from the chosen mark down to its card, drawn anew as mark, map or card move. */
export class Thread {
  private readonly line = document.createElement("div");
  private chosen: Selection | null = null;

  constructor(private readonly view: View, private readonly card: HTMLElement) {
    this.line.className = "thread";
    this.line.hidden = true;
    view.getContainer().append(this.line);
    view.on("move", () => this.lay());
    new ResizeObserver(() => this.lay()).observe(card);
  }

  lead(chosen: Selection | null): void {
    this.chosen = chosen;
    this.lay();
  }

  private lay(): void {
    if (!this.chosen) {
      this.line.hidden = true;
      return;
    }
    const at = this.view.project([this.chosen.lon, this.chosen.lat]);
    const box = this.card.getBoundingClientRect();
    const frame = this.view.getContainer().getBoundingClientRect();
    const length = box.top - frame.top - at.y - 29;
    const above = frame.left + at.x > box.left && frame.left + at.x < box.right;
    this.line.hidden = length < 8 || !above;
    Object.assign(this.line.style, { left: `${at.x - 1}px`, top: `${at.y + 29}px`, height: `${Math.max(0, length)}px` });
  }
}

/** Ring and thread of the chosen mark; `linli:chosen` (lon, lat, label) chooses another without a new page. */
export function followChoice(view: View, first: Selection | null, card: HTMLElement | null, free: () => PaddingOptions): void {
  const ring = new Ring(view);
  const thread = card ? new Thread(view, card) : null;
  const choose = (chosen: Selection | null): void => {
    if (chosen) ring.show(chosen);
    else ring.clear();
    thread?.lead(chosen);
  };
  choose(first);
  document.addEventListener("linli:chosen", (event) => {
    const chosen = (event as CustomEvent<Partial<Selection>>).detail;
    if (typeof chosen?.lon !== "number" || typeof chosen.lat !== "number") return choose(null);
    view.jumpTo({ center: [chosen.lon, chosen.lat], padding: free() });
    choose(chosen as Selection);
  });
}
