/** On a phone the command page shows one pane at a time; `data-pane-show` buttons choose which. */
export function startPanes(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-pane-show]") : null;
    const host = button?.closest<HTMLElement>("[data-pane]");
    if (!button || !host) return;
    host.dataset["pane"] = button.dataset["paneShow"] ?? "";
    for (const other of host.querySelectorAll("[data-pane-show]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    window.dispatchEvent(new Event("resize"));
  });
}
