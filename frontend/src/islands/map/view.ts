import { Map as View, setWorkerUrl, type PaddingOptions } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { MapProps, Side } from "./props.ts";
import { token } from "./tokens.ts";

setWorkerUrl(workerUrl);

const NEAREST = 16.2;

/** Whether this browser can draw a map at all. */
export function canDraw(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

function covered(host: HTMLElement, side: Side, by: string | number): number {
  if (typeof by === "number") return by;
  const cover = document.querySelector<HTMLElement>(by);
  if (!cover || cover.offsetParent === null && getComputedStyle(cover).position !== "fixed") return 0;
  const frame = host.getBoundingClientRect();
  const box = cover.getBoundingClientRect();
  const depth = {
    left: box.right - frame.left,
    right: frame.right - box.left,
    top: box.bottom - frame.top,
    bottom: frame.bottom - box.top,
  }[side];
  const whole = side === "left" || side === "right" ? frame.width : frame.height;
  return depth > 0 && depth < whole * 0.8 ? depth : 0;
}

/** How much of each side is covered by columns, so that what matters lies in the free area. */
export function paddingOf(host: HTMLElement, props: MapProps): Required<PaddingOptions> {
  const side = (name: Side): number => covered(host, name, props.padding?.[name] ?? 0);
  return { left: side("left"), right: side("right"), top: side("top"), bottom: side("bottom") };
}

/** Put what must be seen into the free area: the box to fit, else centre and zoom. */
export function frame(view: View, host: HTMLElement, props: MapProps): void {
  const padding = paddingOf(host, props);
  const camera = props.fit ? view.cameraForBounds(props.fit, { padding: roomy(padding), maxZoom: NEAREST }) : undefined;
  const stand = camera ?? { center: props.center, zoom: props.zoom ?? 15 };
  view.jumpTo({ ...stand, center: props.fit ? middle(props.fit) : props.center, padding });
}

/** Some air round the outermost marks, and room for the buttons over the map. */
function roomy(padding: Required<PaddingOptions>): PaddingOptions {
  const air = 48;
  return { left: padding.left + air, right: padding.right + air, top: padding.top + air, bottom: padding.bottom + air };
}

function middle([west, south, east, north]: [number, number, number, number]): [number, number] {
  return [(west + east) / 2, (south + north) / 2];
}

/** A sheet over the whole of `box`, for the map to lie on. */
export function sheetIn(box: HTMLElement): HTMLElement {
  const frame = document.createElement("div");
  frame.className = "canvas-host";
  const sheet = document.createElement("div");
  sheet.className = "canvas-fill";
  frame.append(sheet);
  box.append(frame);
  return sheet;
}

/** A bare view in `host`: no glyph server, Chinese from the device, no animation. */
export function open(host: HTMLElement, props: MapProps, style: ConstructorParameters<typeof View>[0]["style"]): View {
  const view = new View({
    container: host,
    ...(style ? { style } : {}),
    center: props.center,
    zoom: props.zoom ?? 15,
    minZoom: 9,
    maxZoom: 20,
    interactive: props.interactive ?? true,
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    localIdeographFontFamily: token("font"),
  });
  view.touchZoomRotate.disableRotation();
  view.getCanvas().setAttribute("role", "img"); // its surroundings are the region
  frame(view, host, props);
  return view;
}
