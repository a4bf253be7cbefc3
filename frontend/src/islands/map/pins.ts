import type { FeatureCollection, Point } from "geojson";
import { feedOf } from "../../live/stream.ts";
import { momentShown } from "../../page/moment.ts";
import type { Pin } from "./props.ts";

export type Pins = FeatureCollection<Point, Pin>;

const GATHER_MS = 200;
export const NO_PINS: Pins = { type: "FeatureCollection", features: [] };

async function fetchPins(url: string): Promise<Pins> {
  const moment = momentShown();
  const answer = await fetch(moment ? `${url}?at=${moment}` : url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`pins ${answer.status}`);
  return (await answer.json()) as Pins;
}

/** Bring the pins now, and again shortly after anything in the feed changed; a burst of events is one request. */
export function followPins(url: string, liveUrl: string | undefined, show: (pins: Pins) => void): Promise<void> {
  let waiting: number | undefined;
  let running = false;
  const bring = async (): Promise<void> => {
    running = true;
    try {
      show(await fetchPins(url));
    } finally {
      running = false;
    }
  };
  const soon = (): void => {
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      if (running) soon();
      else void bring().catch((error: unknown) => console.warn("pins", error));
    }, GATHER_MS);
  };
  document.body.addEventListener("linli:moment", soon);
  if (liveUrl) feedOf(liveUrl).addEventListener("event", soon);
  return bring();
}
