import type { Map as View, PaddingOptions } from "maplibre-gl";
import type { Group, MapProps } from "./props.ts";
import { LAYERS } from "./style.ts";

function button(words: string, icon?: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  if (icon) {
    made.setAttribute("aria-label", words);
    made.title = words;
    made.append(sign(icon));
  } else {
    made.textContent = words;
  }
  return made;
}

function sign(icon: string): SVGElement {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = document.querySelector<HTMLMetaElement>('meta[name="linli-icons"]')?.content ?? "";
  use.setAttribute("href", `${sprite}#${icon}`);
  drawing.setAttribute("class", "i");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(use);
  return drawing;
}

function layerButtons(view: View, props: MapProps, hidden: Set<Group>): HTMLElement {
  const box = document.createElement("div");
  box.className = "float layers";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", props.labels?.layers ?? "");
  for (const [group, word] of props.buttons ?? []) {
    const toggle = button(word);
    toggle.setAttribute("aria-pressed", String(!hidden.has(group)));
    toggle.addEventListener("click", () => {
      const show = hidden.has(group);
      if (show) hidden.delete(group);
      else hidden.add(group);
      toggle.setAttribute("aria-pressed", String(show));
      for (const id of LAYERS[group]) {
        if (view.getLayer(id)) view.setLayoutProperty(id, "visibility", show ? "visible" : "none");
      }
    });
    box.append(toggle);
  }
  return box;
}

function zoomButtons(view: View, props: MapProps, home: () => void): HTMLElement {
  const box = document.createElement("div");
  box.className = "float zoom";
  const deeds: [string, string, () => void][] = [
    [props.labels?.zoom_in ?? "+", "plus", () => view.zoomIn({ duration: 0 })],
    [props.labels?.zoom_out ?? "−", "minus", () => view.zoomOut({ duration: 0 })],
    [props.labels?.home ?? "⌂", "focus-2", home],
  ];
  for (const [words, icon, deed] of deeds) {
    const made = button(words, icon);
    made.addEventListener("click", deed);
    box.append(made);
  }
  return box;
}

/** Keep the buttons out from under the columns that cover the map's sides. */
export function keepClear(bar: HTMLElement, padding: Required<PaddingOptions>): void {
  const edge = 12;
  bar.style.left = `${padding.left + edge}px`;
  bar.style.right = `${padding.right + edge}px`;
}

/** The buttons over the map: its layers at the left, nearer, farther and the whole at the right. */
export function tools(view: View, props: MapProps, hidden: Set<Group>, home: () => void): HTMLElement {
  const bar = document.createElement("div");
  bar.className = "map-tools";
  bar.append(layerButtons(view, props, hidden), zoomButtons(view, props, home));
  return bar;
}
