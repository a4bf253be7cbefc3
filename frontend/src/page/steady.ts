interface Kept {
  tops: number[];
  focused: string;
}

const kept = new WeakMap<Element, Kept>();

function scrollers(host: Element): Element[] {
  return [host, ...host.querySelectorAll("[tabindex], .evs")];
}

function rowOf(element: Element | null): string {
  return element?.getAttribute("data-pin") ?? element?.id ?? "";
}

/** A list that HTMX brings anew (`data-steady`) keeps its place: what is being read does not move, the focused row stays focused. */
export function startSteady(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const host = event.target;
    if (!(host instanceof Element) || !host.matches("[data-steady]")) return;
    const inside = host.contains(document.activeElement) ? rowOf(document.activeElement) : "";
    kept.set(host, { tops: scrollers(host).map((element) => element.scrollTop), focused: inside });
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target: host } = (event as CustomEvent<{ target: Element }>).detail; // the event itself is of each new child
    const before = kept.get(host);
    if (!before) return;
    scrollers(host).forEach((element, at) => { element.scrollTop = before.tops[at] ?? 0; });
    if (!before.focused || host.contains(document.activeElement)) return;
    const rows = [...host.querySelectorAll<HTMLElement>("[data-item]")];
    rows.find((row) => rowOf(row) === before.focused)?.focus({ preventScroll: true });
  });
}
