/** One reading: milliseconds since 1970, and the value or nothing. */
export type Reading = [at: number, value: number | null];

export interface ChartProps {
  name: string;
  unit: string;
  points: Reading[];
  /** Least and greatest about each point, when the points are means. */
  band?: [at: number, low: number, high: number][];
  /** Longer silence than this is a gap, never joined. */
  gap_s?: number;
  thresholds?: { level: string; value: number; label: string }[];
  /** Alert episodes; an open one has no end. */
  episodes?: { from: number; to: number | null; level: string }[];
  window?: [number, number];
  zone?: string;
  /** Where the same values are to be had anew; asked when the feed says that something changed. */
  url?: string;
  live_url?: string;
  /** Ask also every so many seconds: ordinary readings are not told in the feed. */
  every_s?: number;
  labels?: Partial<Record<"table" | "chart" | "time" | "value" | "gap" | "empty", string>>;
}
