import type { ChartProps } from "./props.ts";

const MOST_ROWS = 500;

function row(kind: "td" | "th", cells: string[]): HTMLTableRowElement {
  const line = document.createElement("tr");
  cells.forEach((text, at) => {
    const cell = document.createElement(kind);
    cell.textContent = text;
    if (at === 1) cell.className = "num";
    if (kind === "th") (cell as HTMLTableCellElement).scope = "col";
    line.append(cell);
  });
  return line;
}

/** The same readings as a table, newest first, at most five hundred rows. */
export function tableOf(props: ChartProps): HTMLTableElement {
  const table = document.createElement("table");
  table.className = "tb";
  const form = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "short", timeStyle: "medium", hourCycle: "h23", ...(props.zone ? { timeZone: props.zone } : {}),
  });
  const value = `${props.labels?.value ?? ""} (${props.unit})`;
  table.createTHead().append(row("th", [props.labels?.time ?? "", value]));
  const body = table.createTBody();
  for (const [at, reading] of props.points.slice(-MOST_ROWS).reverse()) {
    body.append(row("td", [form.format(at), reading === null ? (props.labels?.gap ?? "–") : String(reading)]));
  }
  return table;
}
