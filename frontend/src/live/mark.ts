import { say } from "../page/words.ts";
import { feedOf } from "./stream.ts";

function hourOf(at: number): string {
  const zone = document.querySelector<HTMLElement>("[data-wall-clock]")?.dataset["wallClock"] || undefined;
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "short", ...(zone ? { timeZone: zone } : {}) }).format(at);
}

/** Say beside the figures whether they arrive by themselves (`[data-live-url]`), and join the feed for the page's lists. */
export function startLiveMark(): void {
  for (const mark of document.querySelectorAll<HTMLElement>("[data-live-url]")) {
    const feed = feedOf(mark.dataset["liveUrl"] ?? "");
    const show = (): void => {
      mark.dataset["state"] = feed.state;
      mark.textContent = say(`feed_${feed.state}`, { at: hourOf(feed.heardAt) });
    };
    feed.addEventListener("state", show);
    show();
  }
  const bell = document.querySelector<HTMLElement>("[data-notices-url]");
  if (bell) feedOf(bell.dataset["noticesUrl"] ?? "");
}
