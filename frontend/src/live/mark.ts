import { say } from "../page/words.ts";
import { feedOf } from "./stream.ts";

/** Say beside the figures whether they arrive by themselves (`[data-live-url]`), and join the feed for the page's lists. */
export function startLiveMark(): void {
  for (const mark of document.querySelectorAll<HTMLElement>("[data-live-url]")) {
    const feed = feedOf(mark.dataset["liveUrl"] ?? "");
    const show = (): void => {
      mark.dataset["state"] = feed.state;
      mark.textContent = say(`feed_${feed.state}`);
    };
    feed.addEventListener("state", show);
    show();
  }
  const bell = document.querySelector<HTMLElement>("[data-notices-url]");
  if (bell) feedOf(bell.dataset["noticesUrl"] ?? "");
}
