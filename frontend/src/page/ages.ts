import { say } from "./words.ts";

function ageWords(seconds: number, late: boolean): string {
  const kind = late ? "late" : "ago";
  if (seconds < 60) return say(`${kind}_seconds`, { n: Math.max(0, Math.floor(seconds)) });
  if (seconds < 3600) return say(`${kind}_minutes`, { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return say(`${kind}_hours`, { n: Math.floor(seconds / 3600) });
  return say(`${kind}_days`, { n: Math.floor(seconds / 86_400) });
}

function refresh(stamp: HTMLElement): void {
  const at = Date.parse(stamp.dataset["at"] ?? "");
  if (Number.isNaN(at)) return;
  const seconds = (Date.now() - at) / 1000;
  const late = seconds > Number(stamp.dataset["limit"] ?? Number.POSITIVE_INFINITY);
  stamp.classList.toggle("old", late);
  stamp.textContent = ageWords(seconds, late);
}

/** Let every freshness stamp (`.fresh[data-at]`) grow older while the page stays open. */
export function startAges(): void {
  const all = (): void => document.querySelectorAll<HTMLElement>(".fresh[data-at]").forEach(refresh);
  all();
  setInterval(all, 5000);
}
