/** What the page knows of its feed: events arrive, or it asks from time to time, or it is not yet joined. */
export type FeedState = "joining" | "live" | "polling";

export interface LiveEvent {
  topic: string;
  data: Record<string, unknown>;
}

const TOPICS = ["alerts", "cases", "notices"] as const;
const POLL_MS = 10_000;
const SILENCE_MS = 45_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

/** One server-sent feed with a fallback: when it breaks, `polling` listeners are told to ask every ten seconds. */
export class Feed extends EventTarget {
  state: FeedState = "joining";
  heardAt = Date.now();
  private source: EventSource | undefined;
  private beats = false;
  private retryMs = FIRST_RETRY_MS;

  constructor(private readonly url: string) {
    super();
    this.join();
    setInterval(() => this.poll(), POLL_MS);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.tell({ topic: "again", data: {} });
    });
  }

  private join(): void {
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener("open", () => this.opened());
    source.addEventListener("error", () => this.broken(source));
    source.addEventListener("beat", () => {
      this.beats = true;
      this.heardAt = Date.now();
    });
    for (const topic of TOPICS) {
      source.addEventListener(topic, (event) => {
        this.heardAt = Date.now();
        this.tell({ topic, data: JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown> });
      });
    }
  }

  private opened(): void {
    const again = this.state === "polling";
    this.retryMs = FIRST_RETRY_MS;
    this.heardAt = Date.now();
    this.become("live");
    if (again) this.tell({ topic: "again", data: {} });
  }

  private broken(source: EventSource): void {
    this.become("polling");
    if (source.readyState !== EventSource.CLOSED) return; // the browser itself tries again
    setTimeout(() => this.join(), this.retryMs);
    this.retryMs = Math.min(LAST_RETRY_MS, this.retryMs * 2);
  }

  private poll(): void {
    if (this.state === "live" && this.beats && Date.now() - this.heardAt > SILENCE_MS) {
      this.source?.close();
      this.become("polling");
      this.join();
    }
    if (this.state === "polling" && !document.hidden) this.tell({ topic: "again", data: {} });
  }

  private become(state: FeedState): void {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  /** Tell listeners of the feed and, as `linli:<topic>` events on the body, the parts of the page that HTMX refreshes. */
  private tell(event: LiveEvent): void {
    this.dispatchEvent(new CustomEvent<LiveEvent>("event", { detail: event }));
    const names = event.topic === "again" ? TOPICS : [event.topic];
    for (const name of names) document.body.dispatchEvent(new CustomEvent(`linli:${name}`, { detail: event.data }));
  }
}

const feeds = new Map<string, Feed>();

/** The page's one feed of this address; map, lists and marks share it. */
export function feedOf(url: string): Feed {
  let feed = feeds.get(url);
  if (!feed) feeds.set(url, (feed = new Feed(url)));
  return feed;
}
