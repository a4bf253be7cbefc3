import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkLineComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { feedOf } from "../../live/stream.ts";
import { onLook } from "../map/tokens.ts";
import type { Island } from "../start.ts";
import { optionOf } from "./option.ts";
import type { ChartProps } from "./props.ts";
import { tableOf } from "./table.ts";

use([CanvasRenderer, LineChart, ScatterChart, CustomChart, GridComponent, MarkAreaComponent, MarkLineComponent]);

const REFRESH_MS = 1000;

/** The button beside the chart: `[data-table-toggle]` of the same sheet, or one of our own above it. */
function toggle(element: HTMLElement, props: () => ChartProps, picture: HTMLElement): void {
  const { table: asTable = "", chart: asChart = "" } = props().labels ?? {};
  const found = element.closest("section")?.querySelector<HTMLButtonElement>("[data-table-toggle]");
  const button = found ?? document.createElement("button");
  if (!found) {
    button.type = "button";
    button.className = "btn sm";
    element.before(button);
  }
  const sheet = document.createElement("div");
  sheet.className = "series-table";
  sheet.tabIndex = 0;
  sheet.hidden = true;
  element.append(sheet);
  button.textContent = asTable;
  button.addEventListener("click", () => {
    const show = sheet.hidden;
    if (show) sheet.replaceChildren(tableOf(props()));
    sheet.hidden = !show;
    picture.hidden = show;
    button.textContent = show ? asChart : asTable;
  });
}

/** Draw one series (读数) with its thresholds and episodes, and offer it as a table. */
export const mount: Island = async (element, given) => {
  let props = given as ChartProps;
  const picture = document.createElement("div");
  picture.className = "canvas-host";
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", element.getAttribute("aria-label") ?? props.name);
  element.removeAttribute("role");
  element.append(picture);
  await document.fonts.ready;
  const chart = init(picture, null, { renderer: "canvas" });
  const draw = (): void => chart.setOption(optionOf(props), true);
  draw();
  toggle(element, () => props, picture);
  new ResizeObserver(() => chart.resize()).observe(element);
  onLook(draw);
  document.documentElement.dataset["chart"] = "ready";

  const { url, live_url: liveUrl } = props;
  if (!url || !liveUrl) return;
  let waiting: number | undefined;
  const bring = async (): Promise<void> => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    props = { ...props, ...((await answer.json()) as Partial<ChartProps>) };
    draw();
  };
  const soon = (): void => {
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      void bring();
    }, REFRESH_MS);
  };
  feedOf(liveUrl).addEventListener("event", soon);
  if (props.every_s) setInterval(() => { if (!document.hidden) soon(); }, props.every_s * 1000);
};
