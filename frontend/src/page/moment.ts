import { say } from "./words.ts";

const KEYS_MS = 250;
const PLAY_MS = 900;
const FOLLOW_MS = 30_000;

/** The moment that the board looks back to, in seconds since 1970; undefined for the present. */
export function momentShown(): string | undefined {
  return document.querySelector<HTMLInputElement>("input[type=hidden][name=at]:not(:disabled)")?.value;
}

function clockWords(seconds: number): string {
  const zone = document.querySelector<HTMLElement>("[data-wall-clock]")?.dataset["wallClock"] || undefined;
  const parts = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const form = new Intl.DateTimeFormat("en-CA", { ...parts, ...(zone ? { timeZone: zone } : {}) });
  return form.format(new Date(seconds * 1000)).replace(",", "");
}

/** The time scale of the board: a moment of the last day is shown as it was, at its right end is the present. */
class Scale {
  private readonly range: HTMLInputElement;
  private readonly at = document.createElement("input");
  private readonly play: HTMLButtonElement | null;
  private waiting: number | undefined;
  private playing: number | undefined;

  constructor(form: HTMLFormElement) {
    this.range = form.querySelector("input[type=range]") as HTMLInputElement;
    this.play = form.querySelector("[data-time-play]");
    this.at.type = "hidden";
    this.at.name = "at";
    this.range.removeAttribute("name");
    form.append(this.at);
    form.addEventListener("submit", (event) => event.preventDefault());
    this.range.addEventListener("input", () => { this.say(); this.soon(); });
    this.play?.addEventListener("click", () => (this.playing ? this.pause() : this.start()));
    form.querySelector("[data-time-now]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.pause();
      this.range.value = this.range.max;
      this.go();
      this.range.focus();
    });
    setInterval(() => this.follow(), FOLLOW_MS);
    this.keep();
    this.say();
  }

  private get looksBack(): boolean {
    return Number(this.range.value) < Number(this.range.max);
  }

  private keep(): void {
    this.at.disabled = !this.looksBack;
    this.at.value = this.range.value;
  }

  private say(): void {
    const words = this.looksBack ? say("playback", { at: clockWords(Number(this.range.value)) }) : "";
    this.range.setAttribute("aria-valuetext", words || say("feed_live"));
    document.querySelectorAll("[data-moment]").forEach((mark) => { mark.textContent = words; });
    document.querySelector(".cmd")?.classList.toggle("past", this.looksBack);
  }

  /** Keys step quickly: what they stop at is asked for. */
  private soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.go(), KEYS_MS);
  }

  private go(): void {
    clearTimeout(this.waiting);
    this.keep();
    this.say();
    const address = new URL(location.href);
    address.searchParams.delete("select");
    if (this.looksBack) address.searchParams.set("at", this.range.value);
    else address.searchParams.delete("at");
    history.replaceState(history.state, "", address);
    document.querySelector("#chain")?.replaceChildren();
    document.dispatchEvent(new CustomEvent("linli:chosen", { detail: {} }));
    document.body.dispatchEvent(new CustomEvent("linli:moment"));
  }

  private start(): void {
    if (!this.looksBack) this.range.value = this.range.min;
    this.play?.setAttribute("aria-pressed", "true");
    this.go();
    this.playing = window.setInterval(() => {
      this.range.stepUp(3);
      this.go();
      if (!this.looksBack) this.pause();
    }, PLAY_MS);
  }

  private pause(): void {
    clearInterval(this.playing);
    this.playing = undefined;
    this.play?.setAttribute("aria-pressed", "false");
  }

  /** The scale goes with the clock; who looks back stays at the moment looked at, until it has left the scale. */
  private follow(): void {
    const step = Number(this.range.step);
    const last = Math.floor(Date.now() / 1000 / step) * step;
    const moved = last - Number(this.range.max);
    if (moved <= 0) return;
    const stays = this.looksBack;
    this.range.max = String(last);
    this.range.min = String(Number(this.range.min) + moved);
    if (!stays) this.range.value = this.range.max;
    this.keep();
    this.say();
  }
}

/** Let the board look back (`[data-time]`); without it the form asks for a page of that moment. */
export function startMoment(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-time]");
  if (form) new Scale(form);
}
