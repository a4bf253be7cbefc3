import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);

function symbol(name: string): string {
  const drawing = readFileSync(resolve(`@tabler/icons/outline/${name}.svg`), "utf8");
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(drawing)?.[1] ?? "";
  const strokes = inner.replaceAll(/\s*\n\s*/g, "").replace(/<path stroke="none"[^>]*\/>/, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${strokes}</symbol>`;
}

/** An SVG file under a name that changes with its content. */
export function named(name: string, source: string): { fileName: string; source: string } {
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 8);
  return { fileName: `assets/${name}-${digest}.svg`, source };
}

/** One sprite of only the icons in use. */
export function sprite(names: readonly string[]): { fileName: string; source: string } {
  return named("icons", `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`);
}
