import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import { LEVELS } from "./marks.ts";
import type { Group, MapProps } from "./props.ts";
import { token } from "./tokens.ts";

const FONTS = { "text-font": ["Linli Latin", "Noto Sans SC", "sans-serif"] };
const RANK: ExpressionSpecification = ["match", ["get", "level"], "red", 4, "orange", 3, "yellow", 2, 1];

/** The style layers that each layer button shows and hides. */
export const LAYERS: Record<Group, string[]> = {
  alerts: ["alert"],
  cases: ["case", "matter"],
  components: ["part", "part-code"],
  grids: ["grid", "community", "street", "grid-code", "community-name", "mine", "mine-edge"],
};

function growing(atStreet: number, atDoor: number): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.6], ["zoom"], 13, atStreet, 18, atDoor];
}

function byRank(main: [number, number], other: [number, number]): ExpressionSpecification {
  const of = (a: number, b: number): ExpressionSpecification => ["case", ["<=", ["to-number", ["get", "rank"]], 1], a, b];
  return ["interpolate", ["exponential", 1.6], ["zoom"], 13, of(main[0], other[0]), 18, of(main[1], other[1])];
}

function tiles(path: string, minzoom: number, maxzoom: number): SourceSpecification {
  return { type: "vector", tiles: [location.origin + path], minzoom, maxzoom };
}

function halo(colour: string, width: number): { "text-halo-color": string; "text-halo-width": number } {
  return { "text-halo-color": token(colour), "text-halo-width": width };
}

function ground(): LayerSpecification[] {
  const base = { source: "base" };
  const round = { "line-join": "round", "line-cap": "round" } as const;
  return [
    { id: "block", type: "fill", ...base, "source-layer": "block", paint: { "fill-color": token("m-block") } },
    { id: "green", type: "fill", ...base, "source-layer": "green", paint: { "fill-color": token("m-green") } },
    { id: "lane", type: "line", ...base, "source-layer": "lane", layout: round, paint: { "line-color": token("m-lane"), "line-width": growing(1, 14) } },
    { id: "water", type: "fill", ...base, "source-layer": "river", paint: { "fill-color": token("m-water") } },
    { id: "water-edge", type: "line", ...base, "source-layer": "river", paint: { "line-color": token("m-water-edge"), "line-width": growing(0.6, 2) } },
    { id: "road-edge", type: "line", ...base, "source-layer": "road", layout: round, paint: { "line-color": token("m-road-edge"), "line-width": byRank([6, 62], [4, 42]) } },
    { id: "road", type: "line", ...base, "source-layer": "road", layout: round, paint: { "line-color": token("m-road"), "line-width": byRank([4.6, 58], [2.8, 38]) } },
    { id: "house", type: "fill", ...base, "source-layer": "house", minzoom: 13.5, paint: { "fill-color": token("m-house"), "fill-outline-color": token("m-house-edge") } },
  ];
}

function names(): LayerSpecification[] {
  const base = { source: "base", type: "symbol" } as const;
  const along = { ...FONTS, "symbol-placement": "line", "text-field": ["get", "name"] } as const;
  return [
    { id: "road-name", ...base, "source-layer": "road", layout: { ...along, "symbol-spacing": 420, "text-size": 12, "text-letter-spacing": 0.18 } as never, paint: { "text-color": token("m-label-2"), ...halo("m-road", 1.6) } },
    { id: "water-name", ...base, "source-layer": "riverline", layout: { ...along, "symbol-spacing": 600, "text-size": 13, "text-letter-spacing": 0.4 } as never, paint: { "text-color": token("m-label-2"), ...halo("m-water", 1.4) } },
    { id: "estate", ...base, "source-layer": "estate", minzoom: 13.6, layout: { ...FONTS, "text-field": ["get", "name"], "text-size": ["interpolate", ["linear"], ["zoom"], 14, 11.5, 17, 15], "text-padding": 8 }, paint: { "text-color": token("m-label"), ...halo("m-halo", 1.8) } },
    { id: "place", ...base, "source-layer": "place", minzoom: 14.6, layout: { ...FONTS, "text-field": ["get", "name"], "text-size": 11.5 }, paint: { "text-color": token("jade"), ...halo("m-halo", 1.6) } },
  ];
}

function registry(props: MapProps): LayerSpecification[] {
  const drawn: LayerSpecification[] = [];
  if (props.tiles?.grids) {
    const grids = { source: "grids", "source-layer": "grid" };
    const mine: ExpressionSpecification = ["==", ["get", "code"], props.mine ?? ""];
    drawn.push(
      { id: "mine", type: "fill", ...grids, filter: mine, paint: { "fill-color": token("jade"), "fill-opacity": 0.1 } },
      { id: "grid", type: "line", ...grids, paint: { "line-color": token("m-grid"), "line-opacity": 0.42, "line-width": 1.2, "line-dasharray": [5, 4] } },
      { id: "community", type: "line", source: "grids", "source-layer": "community", maxzoom: 14, paint: { "line-color": token("m-grid"), "line-opacity": 0.5, "line-width": 1.2 } },
      { id: "street", type: "line", source: "grids", "source-layer": "street", paint: { "line-color": token("m-grid"), "line-opacity": 0.6, "line-width": 1.6 } },
      { id: "mine-edge", type: "line", ...grids, filter: mine, paint: { "line-color": token("jade"), "line-width": 2.4 } },
    );
  }
  if (props.tiles?.components) {
    const parts = { source: "components", "source-layer": "component" };
    drawn.push({ id: "part", type: "circle", ...parts, minzoom: 14.2, paint: { "circle-color": token("m-part"), "circle-opacity": 0.75, "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 1.1, 16, 2, 18, 4] } });
  }
  return drawn;
}

function registryNames(props: MapProps): LayerSpecification[] {
  const drawn: LayerSpecification[] = [];
  const small = { "text-color": token("m-label-2"), ...halo("m-halo", 1.4) };
  if (props.tiles?.grids) {
    const labels = { type: "symbol", source: "grids" } as const;
    drawn.push(
      { id: "community-name", ...labels, "source-layer": "community_label", maxzoom: 13.6, layout: { ...FONTS, "text-field": ["get", "name"], "text-size": 13 }, paint: small },
      { id: "grid-code", ...labels, "source-layer": "grid_label", minzoom: 15.6, layout: { ...FONTS, "text-field": ["get", "number"], "text-size": 11, "text-offset": [0, 2.6] }, paint: small },
    );
  }
  if (props.tiles?.components) {
    drawn.push({ id: "part-code", type: "symbol", source: "components", "source-layer": "component", minzoom: 17, layout: { ...FONTS, "text-field": ["to-string", ["coalesce", ["get", "label"], ""]], "text-size": 11, "text-anchor": "left", "text-offset": [0.8, 0], "text-optional": true }, paint: small });
  }
  return drawn;
}

function pins(): LayerSpecification[] {
  const source = "pins";
  return [
    { id: "thing", type: "circle", source, filter: ["==", ["get", "kind"], "thing"], paint: { "circle-color": token("surface"), "circle-stroke-color": token("ink-2"), "circle-stroke-width": 2, "circle-radius": 5 } },
    { id: "case", type: "symbol", source, filter: ["==", ["get", "kind"], "case"], layout: { "icon-image": ["case", ["==", ["to-number", ["get", "late"]], 1], "case-late", "case"], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["to-number", ["get", "late"]] } },
    { id: "matter", type: "symbol", source, filter: ["==", ["get", "kind"], "matter"], layout: { "icon-image": ["match", ["get", "level"], LEVELS, ["get", "level"], ["case", ["==", ["to-number", ["get", "late"]], 1], "case-late", "case"]], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": RANK } },
    { id: "alert", type: "symbol", source, filter: ["==", ["get", "kind"], "alert"], layout: { ...FONTS, "icon-image": ["get", "level"], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": RANK, "text-field": ["step", ["zoom"], "", 15, ["get", "title"]], "text-size": 12, "text-anchor": "top", "text-offset": [0, 1.5], "text-optional": true }, paint: { "text-color": token("ink"), ...halo("surface", 2.2) } },
  ];
}

/** The whole style in the colours of the theme in force; `hidden` groups are there but not drawn. */
export function styleOf(props: MapProps, data: FeatureCollection, hidden: ReadonlySet<Group>): StyleSpecification {
  const sources: Record<string, SourceSpecification> = { pins: { type: "geojson", data } };
  const { base, grids, components } = props.tiles ?? {};
  if (base) sources["base"] = tiles(base, 9, 16);
  if (grids) sources["grids"] = tiles(grids, 6, 16);
  if (components) sources["components"] = tiles(components, 14, 17);
  const land: LayerSpecification = { id: "land", type: "background", paint: { "background-color": token("m-land") } };
  const layers = [land, ...(base ? ground() : []), ...registry(props), ...(base ? names() : []), ...registryNames(props), ...pins()];
  const off = new Set([...hidden].flatMap((group) => LAYERS[group]));
  for (const layer of layers) {
    if (off.has(layer.id) && layer.type !== "background") layer.layout = { ...layer.layout, visibility: "none" } as never;
  }
  return { version: 8, sources, layers };
}
