import { Marker, type Map as View } from "maplibre-gl";

/** Mark where the reader stands (`linli:here` with lon and lat): a dot of jade in its halo. */
export function followHere(view: View): void {
  let marker: Marker | undefined;
  document.addEventListener("linli:here", (event) => {
    const { lon, lat } = (event as CustomEvent<{ lon: number; lat: number }>).detail;
    if (!marker) {
      const element = document.createElement("div");
      element.className = "pin-here";
      marker = new Marker({ element }).setLngLat([lon, lat]).addTo(view);
    }
    marker.setLngLat([lon, lat]);
  });
}
