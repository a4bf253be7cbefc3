/** What an island is: a function that fills one element from the values its page handed over. */
export type Island = (element: HTMLElement, props: unknown) => void | Promise<void>;

const KINDS: Record<string, () => Promise<{ mount: Island }>> = {
  map: () => import("./map/index.ts"),
  "place-picker": () => import("./place-picker/index.ts"),
  chart: () => import("./chart/index.ts"),
};

function propsOf(element: HTMLElement): unknown {
  const script = document.getElementById(element.dataset["props"] ?? "");
  return script?.textContent ? JSON.parse(script.textContent) : {};
}

async function start(element: HTMLElement): Promise<void> {
  const kind = element.dataset["island"] ?? "";
  const load = KINDS[kind];
  if (!load || element.dataset["mounted"] !== undefined) return;
  element.dataset["mounted"] = "";
  try {
    await (await load()).mount(element, propsOf(element));
  } catch (error) {
    element.dataset["error"] = String(error);
    console.error(`island ${kind}`, error);
  }
}

/** Mount every island in the page, and those that a swapped part brings later. */
export function startIslands(root: ParentNode = document): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-island]")) void start(element);
  if (root === document) {
    document.addEventListener("htmx:load", (event) => {
      if (!(event.target instanceof HTMLElement)) return;
      if (event.target.matches("[data-island]")) void start(event.target);
      startIslands(event.target);
    });
  }
}
