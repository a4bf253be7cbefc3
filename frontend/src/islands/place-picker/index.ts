import { Marker, type Map as View } from "maplibre-gl";
import { say } from "../../page/words.ts";
import { drawMarks } from "../map/marks.ts";
import { NO_PINS } from "../map/pins.ts";
import type { LonLat, MapProps } from "../map/props.ts";
import { styleOf } from "../map/style.ts";
import { onLook } from "../map/tokens.ts";
import { canDraw, open, sheetIn } from "../map/view.ts";
import type { Island } from "../start.ts";

interface PickerProps extends MapProps {
  /** Ids of the hidden fields. */
  fields: { lon: string; lat: string };
  /** Answers an HTML part with the place's name and the components beside it, for `?lon=&lat=`. */
  nearby_url: string;
  /** Whether `center` is already the reporter's own choice. */
  chosen?: boolean;
  labels?: MapProps["labels"] & { here?: string; searching?: string; refused?: string };
}

const PIN = `<svg class="pin-place" viewBox="0 0 44 52" aria-hidden="true"><path class="body" d="M22 51C9 36 4 28 4 20a18 18 0 0 1 36 0c0 8-5 16-18 31Z"/><circle class="eye" cx="22" cy="20" r="6.5"/></svg>`;

function field(id: string): HTMLInputElement {
  const input = document.getElementById(id);
  if (!(input instanceof HTMLInputElement)) throw new Error(`no field ${id}`);
  return input;
}

function pinAt(view: View): Marker {
  const element = document.createElement("div");
  element.innerHTML = PIN;
  const marker = new Marker({ element, anchor: "bottom" }).setLngLat(view.getCenter()).addTo(view);
  view.on("move", () => marker.setLngLat(view.getCenter()));
  return marker;
}

/** Show what is near the pin; a later answer never gives way to an earlier one. */
function nearbyInto(target: HTMLElement, url: string): (at: LonLat) => void {
  let asked = 0;
  return ([lon, lat]) => {
    const mine = ++asked;
    const address = new URL(url, location.href);
    address.searchParams.set("lon", lon.toFixed(6));
    address.searchParams.set("lat", lat.toFixed(6));
    void fetch(address, { headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((html) => { if (mine === asked) target.innerHTML = html; })
      .catch(() => { if (mine === asked) target.textContent = say("nearby_failed"); });
  };
}

function hereButton(props: PickerProps, status: HTMLElement, go: (at: LonLat) => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn float here";
  button.textContent = props.labels?.here ?? "";
  button.addEventListener("click", () => {
    status.textContent = props.labels?.searching ?? "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        status.textContent = "";
        go([coords.longitude, coords.latitude]);
      },
      () => { status.textContent = props.labels?.refused ?? ""; },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  });
  return button;
}

/** Let a reporter point at the place (选点): move the map under the pin, or ask the device; typed places work without it. */
export const mount: Island = async (element, given) => {
  const props = given as PickerProps;
  const box = element.querySelector<HTMLElement>(".place-map");
  if (!box || !canDraw()) {
    if (box) box.hidden = true;
    document.documentElement.dataset["map"] = "none";
    return;
  }
  await document.fonts.ready;
  const host = sheetIn(box);
  const view = open(host, { zoom: 17, ...props }, styleOf(props, NO_PINS, new Set()));
  drawMarks(view);
  view.getCanvas().setAttribute("aria-label", box.getAttribute("aria-label") ?? "");
  pinAt(view);
  onLook(() => { view.setStyle(styleOf(props, NO_PINS, new Set())); });

  const target = element.querySelector<HTMLElement>("[data-nearby]");
  const near = target ? nearbyInto(target, props.nearby_url) : () => undefined;
  const choose = (): void => {
    const { lng, lat } = view.getCenter();
    field(props.fields.lon).value = lng.toFixed(6);
    field(props.fields.lat).value = lat.toFixed(6);
    element.dataset["chosen"] = "";
    near([lng, lat]);
  };
  const status = document.createElement("p");
  status.className = "small mute";
  status.setAttribute("role", "status");
  box.after(status);
  if ("geolocation" in navigator) {
    box.append(hereButton(props, status, (center) => {
      view.jumpTo({ center, zoom: Math.max(17, view.getZoom()) });
      choose();
    }));
  }
  view.on("moveend", (event) => { if (event.originalEvent) choose(); });
  view.on("error", ({ error }) => { document.documentElement.dataset["mapError"] = error.message; });
  view.once("idle", () => { document.documentElement.dataset["map"] = "ready"; });
  if (props.chosen) choose();
};
