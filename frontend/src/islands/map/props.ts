import type { Pins } from "./pins.ts";

export type LonLat = [number, number];
export type Side = "left" | "right" | "top" | "bottom";
export type Group = "alerts" | "cases" | "components" | "grids";

export interface Selection {
  lon: number;
  lat: number;
  label?: string;
}

/** What a page hands to its map. Addresses are paths of our own server; a missing one leaves that part out. */
export interface MapProps {
  center: LonLat;
  zoom?: number;
  /** What must lie in the free area at first: west, south, east, north; goes before `center` and `zoom`. */
  fit?: [number, number, number, number] | null;
  layers?: Group[];
  /** `[group, word]` for each button; no buttons when empty. */
  buttons?: [Group, string][];
  tiles?: { base?: string; grids?: string; components?: string };
  pins_url?: string;
  /** Marks that the page itself brings, where there is no address to ask. */
  pins?: Pins;
  live_url?: string;
  select?: Selection | null;
  /** A column that covers the map, by CSS selector, or its width in pixels. */
  padding?: Partial<Record<Side, string | number>>;
  /** The card (CSS selector) that the selected mark's thread leads to. */
  thread?: string;
  /** Code of the grid to draw as one's own. */
  mine?: string;
  interactive?: boolean;
  labels?: Partial<Record<"map" | "zoom_in" | "zoom_out" | "home" | "none" | "layers", string>>;
}

export interface Pin {
  /** `matter` shows a case by its level's shape, or as a document where it has none. */
  kind: "alert" | "case" | "matter" | "thing";
  id: number;
  level: string;
  late: 0 | 1;
  title: string;
  url: string;
}
