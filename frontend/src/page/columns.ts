/** The columns of the command page fold away for a wider map: `data-column` buttons, with `[` and `]`. */
export function startColumns(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-column]") : null;
    const host = button?.closest<HTMLElement>(".cmd");
    if (!button || !host) return;
    const folded = host.classList.toggle(`no-${button.dataset["column"] ?? ""}`);
    button.setAttribute("aria-pressed", String(!folded));
    document.dispatchEvent(new Event("linli:folded"));
  });
}
