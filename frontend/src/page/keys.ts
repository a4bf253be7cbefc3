const TYPING = "input, textarea, select, [contenteditable]";

function step(list: Element, by: number): void {
  const items = [...list.querySelectorAll<HTMLElement>("[data-item]")].filter((item) => item.offsetParent !== null);
  const at = items.findIndex((item) => item === document.activeElement || item.hasAttribute("aria-current"));
  const focused = items.indexOf(document.activeElement as HTMLElement);
  const next = items[Math.max(0, Math.min(items.length - 1, (focused >= 0 ? focused : at - (by > 0 ? 1 : 0)) + by))];
  next?.focus();
}

function press(letter: string): boolean {
  const target = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(letter)}"]`);
  if (!target) return false;
  if (target.matches("input")) target.focus();
  else target.click();
  return true;
}

/** In a list whose rows are looked at beside it, the row last walked to stays marked. */
function follow(event: FocusEvent): void {
  const item = event.target instanceof Element ? event.target.closest("[data-keys=follow] [data-item]") : null;
  if (!item) return;
  item.closest("[data-keys]")?.querySelectorAll("[data-item][aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  item.setAttribute("aria-current", "true");
}

/** Letters for lists: J and K walk the rows, Enter opens, `data-key` names one letter per deed; off by preference. */
export function startKeys(): void {
  document.addEventListener("focusin", follow);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.documentElement.dataset["letters"] === "off") return;
    if (event.target instanceof Element && event.target.closest(`${TYPING}, dialog`)) return;
    const letter = event.key.toLowerCase();
    const list = document.querySelector("[data-keys]");
    if (list && (letter === "j" || letter === "k")) {
      step(list, letter === "j" ? 1 : -1);
      event.preventDefault();
    } else if (letter.length === 1 && press(letter)) {
      event.preventDefault();
    }
  });
}
