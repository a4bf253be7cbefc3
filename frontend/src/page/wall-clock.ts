/** Keep `[data-wall-clock]` at the present second, in the time zone the server names. */
export function startWallClock(): void {
  const clock = document.querySelector<HTMLElement>("[data-wall-clock]");
  if (!clock) return;
  const zone = clock.dataset["wallClock"] || undefined;
  const form = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", ...(zone ? { timeZone: zone } : {}) });
  const show = (): void => {
    clock.textContent = form.format(new Date());
  };
  show();
  setInterval(show, 1000);
}
