import { say } from "./words.ts";

const EARTH_M = 6_371_000;
const WATCH: PositionOptions = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 };

interface Place {
  lon: number;
  lat: number;
}

function metres(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const across = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return EARTH_M * Math.hypot(across, (b.lat - a.lat) * rad);
}

function farWords(distance: number): string {
  if (distance < 1000) return say("far_m", { n: Math.max(1, Math.round(distance / 10) * 10) });
  return say("far_km", { n: (distance / 1000).toFixed(distance < 10_000 ? 1 : 0) });
}

function placeOf(row: HTMLElement): Place {
  return { lon: Number(row.dataset["lon"]), lat: Number(row.dataset["lat"]) };
}

/** One list whose rows have a place: the order the server gave, or the nearest first once the device tells where it is. */
class Nearest {
  private readonly rows: HTMLElement[];
  private readonly buttons: HTMLButtonElement[];
  private readonly status: HTMLElement | null;
  private watching = false;
  private here: Place | undefined;
  private nearestFirst = true;

  constructor(private readonly list: HTMLElement) {
    const sheet = list.closest<HTMLElement>("section") ?? document.body;
    this.rows = [...list.querySelectorAll<HTMLElement>("[data-lon]")];
    this.buttons = [...sheet.querySelectorAll<HTMLButtonElement>("[data-order]")];
    this.status = sheet.querySelector("[data-nearest-status]");
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(button.dataset["order"] === "near"));
    void this.beginIfAllowed();
  }

  /** Ask of itself only where the person has already said yes; else the button asks. */
  private async beginIfAllowed(): Promise<void> {
    const known = await navigator.permissions?.query({ name: "geolocation" }).catch(() => undefined);
    if (known?.state === "granted") this.watch();
  }

  private choose(near: boolean): void {
    this.nearestFirst = near;
    if (near && !this.here) this.watch();
    this.order();
  }

  private watch(): void {
    if (this.watching || !("geolocation" in navigator)) return;
    this.watching = true;
    if (this.status) this.status.textContent = say("here_searching");
    navigator.geolocation.watchPosition(({ coords }) => this.stand(coords), () => this.refused(), WATCH);
  }

  private stand({ longitude: lon, latitude: lat }: GeolocationCoordinates): void {
    this.here = { lon, lat };
    if (this.status) this.status.textContent = "";
    document.dispatchEvent(new CustomEvent("linli:here", { detail: this.here }));
    for (const row of this.rows) {
      const cell = row.querySelector("[data-far]");
      if (cell) cell.textContent = farWords(metres(this.here, placeOf(row)));
    }
    this.order();
  }

  private refused(): void {
    this.watching = false;
    if (this.status && !this.here) this.status.textContent = say("here_refused");
    this.order();
  }

  private order(): void {
    const { here } = this;
    const near = this.nearestFirst && here !== undefined;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String((button.dataset["order"] === "near") === near));
    const sorted = near ? this.rows.toSorted((a, b) => metres(here, placeOf(a)) - metres(here, placeOf(b))) : this.rows;
    const now = [...this.list.children];
    if (sorted.some((row, at) => now[at] !== row) && !this.list.contains(document.activeElement)) this.list.append(...sorted);
  }
}

/** Lists whose rows lie somewhere (`[data-nearest]`) say how far each is, where the device tells its place. */
export function startNearest(): void {
  document.querySelectorAll<HTMLElement>("[data-nearest]").forEach((list) => new Nearest(list));
}
