import htmx from "htmx.org";

/** Let HTMX swap parts of a page: no inline style, no evaluated text, the CSRF token from the page's own meta. */
export function startHtmx(): void {
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
    const { detail } = event as CustomEvent<{ headers: Record<string, string>; triggeringEvent?: Event }>;
    if (/^(linli:|every|load)/.test(detail.triggeringEvent?.type ?? "every")) detail.headers["X-Linli-Unattended"] = "1"; // nobody asked: it keeps no idle session open
    if (token) detail.headers["X-CSRFToken"] = token;
  });
}
