import type { Map as View } from "maplibre-gl";
import type { MapProps } from "./props.ts";
import { frame, paddingOf } from "./view.ts";

/** Where a map stands: at home until somebody moves it, and in the free area whenever a column beside it folds. */
export class Stand {
  private atHome = true;
  private framing = false;

  constructor(private readonly view: View, private readonly host: HTMLElement, private readonly props: MapProps) {
    view.on("moveend", () => { if (!this.framing) this.atHome = false; });
    document.addEventListener("linli:folded", () => this.refit());
    new ResizeObserver(() => { if (this.atHome) this.home(); }).observe(host);
  }

  home(): void {
    this.framing = true;
    frame(this.view, this.host, this.props);
    this.framing = false;
    this.atHome = true;
  }

  /** Home moves into the free area as a whole; any other view keeps its middle in the middle of it. */
  private refit(): void {
    if (this.atHome) this.home();
    else this.view.jumpTo({ center: this.view.getCenter(), padding: paddingOf(this.host, this.props) });
  }
}
