let words: Record<string, string> | undefined;

/** A translated sentence of the page (from the `linli-words` block) with its `{fields}` filled. */
export function say(key: string, fields: Record<string, string | number> = {}): string {
  words ??= JSON.parse(document.getElementById("linli-words")?.textContent ?? "{}") as Record<string, string>;
  return (words[key] ?? key).replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(fields[name] ?? ""));
}
