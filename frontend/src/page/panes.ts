const PHONE = "(max-width: 767px)";

function show(host: HTMLElement, pane: string): void {
  host.dataset["pane"] = pane;
  for (const button of host.querySelectorAll<HTMLElement>("[data-pane-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset["paneShow"] === pane));
  }
  document.dispatchEvent(new Event("linli:folded"));
}

/** On a phone the command page shows one pane at a time; `data-pane-show` buttons choose which, a chosen row the map with its card. */
export function startPanes(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-pane-show]") : null;
    const host = button?.closest<HTMLElement>("[data-pane]");
    if (button && host) show(host, button.dataset["paneShow"] ?? "");
  });
  document.addEventListener("linli:chosen", () => {
    const host = document.querySelector<HTMLElement>("[data-pane]");
    if (host && matchMedia(PHONE).matches) show(host, "map");
  });
}
