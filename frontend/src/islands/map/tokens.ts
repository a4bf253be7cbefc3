/** A custom property of the page, as the theme in force has it. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Call `changed` whenever theme or letter size change. */
export function onLook(changed: () => void): void {
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme", "data-mode"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}
