import type { MapMouseEvent } from "maplibre-gl";
import type { Island } from "../start.ts";
import { keepClear, tools } from "./controls.ts";
import { followHere } from "./here.ts";
import { drawMarks } from "./marks.ts";
import { followPins, NO_PINS, type Pins } from "./pins.ts";
import { Pulse } from "./pulse.ts";
import { Stand } from "./stand.ts";
import type { Group, MapProps, Pin } from "./props.ts";
import { followChoice, Ring } from "./selection.ts";
import { LAYERS, styleOf } from "./style.ts";
import { onLook } from "./tokens.ts";
import { canDraw, open, paddingOf, sheetIn } from "./view.ts";

const MARKS = ["alert", "case", "matter", "thing"];
const page = document.documentElement.dataset;

function withoutMap(element: HTMLElement, props: MapProps): void {
  const note = document.createElement("p");
  note.className = "map-none";
  note.textContent = props.labels?.none ?? "";
  element.append(note);
  page["map"] = "none";
}

function hiddenAtFirst(props: MapProps): Set<Group> {
  const shown = new Set(props.layers ?? (Object.keys(LAYERS) as Group[]));
  return new Set((Object.keys(LAYERS) as Group[]).filter((group) => !shown.has(group)));
}

/** Rows of the list (`data-pin="alert:12"`) light their mark while pointed at or focused. */
function followRows(ring: Ring, pins: () => Pins): void {
  const light = (event: Event): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-pin]") : null;
    const [kind, id] = row?.dataset["pin"]?.split(":") ?? [];
    const pin = pins().features.find(({ properties }) => properties.kind === kind && String(properties.id) === id);
    const [lon, lat] = pin?.geometry.coordinates ?? [];
    if (lon === undefined || lat === undefined) ring.clear();
    else ring.show({ lon, lat });
  };
  document.addEventListener("pointerover", light);
  document.addEventListener("focusin", light);
}

/** Draw the common map (地图) of a page: our tiles, live alerts and cases, the chosen mark. */
export const mount: Island = async (element, given) => {
  const props = given as MapProps;
  if (!canDraw()) return withoutMap(element, props);
  const host = sheetIn(element);
  await document.fonts.ready;

  const hidden = hiddenAtFirst(props);
  let pins: Pins = props.pins ?? NO_PINS;
  const view = open(host, props, styleOf(props, pins, hidden));
  const stand = new Stand(view, host, props);
  view.on("error", ({ error }) => {
    page["mapError"] = error.message;
    if (page["map"] !== "ready") page["map"] = "error";
    console.error("map", error.message);
  });
  view.once("idle", () => { page["map"] = "ready"; });
  const label = element.getAttribute("aria-label") ?? props.labels?.map ?? "";
  view.getCanvas().setAttribute("aria-label", label);
  drawMarks(view);

  if (props.buttons?.length) {
    const bar = tools(view, props, hidden, () => stand.home());
    element.append(bar);
    const clear = (): void => keepClear(bar, paddingOf(host, props));
    new ResizeObserver(clear).observe(host);
    document.addEventListener("linli:folded", clear);
  }
  followHere(view);
  const card = props.thread ? document.querySelector<HTMLElement>(props.thread) : null;
  followChoice(view, props.select ?? null, card, () => paddingOf(host, props));
  onLook(() => {
    view.setStyle(styleOf(props, pins, hidden));
    drawMarks(view);
  });
  const openRow = ({ point }: MapMouseEvent): void => {
    const [hit] = view.queryRenderedFeatures(point, { layers: MARKS });
    if (hit) location.assign((hit.properties as Pin).url);
  };
  if (props.interactive ?? true) {
    view.on("click", openRow);
    for (const layer of MARKS) {
      view.on("mouseenter", layer, () => { view.getCanvas().classList.add("over-pin"); });
      view.on("mouseleave", layer, () => { view.getCanvas().classList.remove("over-pin"); });
    }
    followRows(new Ring(view), () => pins);
  }
  if (props.pins_url) {
    const pulse = new Pulse(view);
    await followPins(props.pins_url, props.live_url, (fresh) => {
      pins = fresh;
      pulse.follow(fresh);
      const source = view.getSource("pins");
      if (source && "setData" in source) (source as { setData(data: Pins): void }).setData(fresh);
    });
  }
};
