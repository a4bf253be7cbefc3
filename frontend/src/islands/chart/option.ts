import type { ECBasicOption } from "echarts/types/dist/shared";
import { token } from "../map/tokens.ts";
import type { ChartProps, Reading } from "./props.ts";

const SYMBOLS: Record<string, string> = { blue: "circle", yellow: "triangle", orange: "diamond", red: "rect" };
const DAY_MS = 86_400_000;

/** Put an empty reading into every silence longer than the limit, so that the line breaks there. */
export function withGaps(points: readonly Reading[], limitS: number | undefined): Reading[] {
  if (!limitS) return [...points];
  const kept: Reading[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last && point[0] - last[0] > limitS * 1000) kept.push([last[0] + 1, null]);
    kept.push(point);
  }
  return kept;
}

export function timeWords(at: number, span: number, zone: string | undefined): string {
  const form: Intl.DateTimeFormatOptions = span > 2 * DAY_MS
    ? { month: "2-digit", day: "2-digit" }
    : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(document.documentElement.lang, { ...form, ...(zone ? { timeZone: zone } : {}) }).format(at);
}

function valuesOf(props: ChartProps): number[] {
  const values = props.points.flatMap(([, value]) => (value === null ? [] : [value]));
  return [...values, ...(props.band ?? []).flatMap(([, low, high]) => [low, high])];
}

/** The highest tick: above every reading and threshold, in four even steps of a round number. */
export function ceilingOf(props: ChartProps): { max: number; interval: number } {
  const top = Math.max(0, ...valuesOf(props), ...(props.thresholds ?? []).map(({ value }) => value)) || 1;
  const rough = (top * 1.08) / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const interval = ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= rough) ?? 10) * unit;
  return { max: interval * Math.ceil((top * 1.02) / interval), interval };
}

export function floorOf(props: ChartProps, interval: number): number {
  const lowest = Math.min(0, ...valuesOf(props));
  return Math.floor(lowest / interval) * interval;
}

function thresholdLines(props: ChartProps): object {
  return {
    silent: true,
    symbol: "none",
    data: (props.thresholds ?? []).map(({ level, value, label }) => ({
      yAxis: value,
      lineStyle: { color: token(`${level}-text`), type: [5, 4], width: 1 },
      label: { formatter: label, color: token(`${level}-text`), fontWeight: 700, fontSize: 12, position: "end" },
    })),
  };
}

/** The span from least to greatest: an unseen lower line, and on it a stacked filled one. */
function envelope(props: ChartProps): object[] {
  if (!props.band?.length) return [];
  const low = withGaps(props.band.map(([at, least]): Reading => [at, least]), props.gap_s);
  const height = withGaps(props.band.map(([at, least, most]): Reading => [at, most - least]), props.gap_s);
  const line = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 } };
  return [{ ...line, data: low }, { ...line, data: height, areaStyle: { color: token("band"), opacity: 1 } }];
}

function lastMark(props: ChartProps): object[] {
  const last = props.points.findLast(([, value]) => value !== null);
  if (!last) return [];
  const label = { show: true, formatter: String(Number(last[1]?.toPrecision(6))), position: "left", color: token("ink"), fontWeight: 700, fontSize: 15, fontFamily: token("font-fig") };
  return [{ type: "scatter", z: 9, silent: true, data: [last], symbolSize: 10, itemStyle: { color: token("ink"), borderColor: token("surface"), borderWidth: 2, opacity: 1 }, label }];
}

function episodeMarks(props: ChartProps, end: number, max: number): object[] {
  const episodes = (props.episodes ?? []).filter(({ level }) => level in SYMBOLS);
  if (!episodes.length) return [];
  const bars = episodes.map(({ from, to, level }) => ({ value: [from, to ?? end], level }));
  return [
    {
      type: "custom",
      z: 7,
      silent: true,
      clip: false,
      data: bars.map(({ value }) => value),
      renderItem: (params: { dataIndex: number }, api: { value(i: number): number; coord(at: number[]): number[] }) => {
        const level = bars[params.dataIndex]?.level ?? "blue";
        const [x0 = 0, y = 0] = api.coord([api.value(0), max]);
        const [x1 = 0] = api.coord([api.value(1), max]);
        const style = { fill: token(level), stroke: token(`${level}-edge`), lineWidth: 0.8 };
        return { type: "rect", shape: { x: x0, y: y - 6, width: Math.max(3, x1 - x0 - 1), height: 6 }, style };
      },
    },
    {
      type: "scatter",
      z: 8,
      silent: true,
      clip: false,
      symbolSize: 15,
      data: episodes.map(({ from, level }) => ({
        value: [from, max],
        symbol: SYMBOLS[level],
        symbolOffset: [0, -12],
        itemStyle: { color: token(level), borderColor: token(`${level}-edge`), borderWidth: 1.2, opacity: 1 },
      })),
    },
  ];
}

/** The whole chart of one series in the colours of the theme in force. */
export function optionOf(props: ChartProps): ECBasicOption {
  const points = withGaps(props.points, props.gap_s);
  const start = props.window?.[0] ?? points[0]?.[0] ?? 0;
  const end = props.window?.[1] ?? points.at(-1)?.[0] ?? 1;
  const { max, interval } = ceilingOf(props);
  const quiet = { axisTick: { show: false }, axisLine: { lineStyle: { color: token("line-2") } } };
  const words = { color: token("ink-3"), fontSize: 12 };
  const washes = (props.episodes ?? []).map(({ from, to, level }) => [
    { xAxis: from, itemStyle: { color: token(level), opacity: 0.12 } },
    { xAxis: to ?? end },
  ]);
  return {
    animation: false,
    textStyle: { fontFamily: token("font") },
    grid: { left: 44, right: 76, top: 34, bottom: 28 },
    xAxis: {
      type: "time",
      min: start,
      max: end,
      ...quiet,
      splitLine: { show: false },
      axisLabel: { ...words, hideOverlap: true, formatter: (at: number) => timeWords(at, end - start, props.zone) },
    },
    yAxis: {
      type: "value",
      min: floorOf(props, interval),
      max,
      interval,
      name: props.unit,
      nameTextStyle: { color: token("ink-3"), align: "right" },
      axisLabel: { ...words, formatter: (value: number) => String(Number(value.toPrecision(6))) },
      splitLine: { lineStyle: { color: token("line") } },
    },
    series: [
      ...envelope(props),
      {
        type: "line",
        data: points,
        symbol: "none",
        connectNulls: false,
        z: 5,
        lineStyle: { color: token("s1"), width: 2 },
        markLine: thresholdLines(props),
        markArea: { silent: true, data: washes },
      },
      ...episodeMarks(props, end, max),
      ...lastMark(props),
    ],
  };
}
