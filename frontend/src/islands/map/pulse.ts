import { Marker, type Map as View } from "maplibre-gl";
import type { Pins } from "./pins.ts";

/** A level I alert that was not on the map before pulses three times in its ring; nothing else on a map ever moves. */
export class Pulse {
  private readonly seen = new Set<number>();

  constructor(private readonly view: View) {}

  follow(pins: Pins): void {
    for (const { properties, geometry } of pins.features) {
      if (properties.kind !== "alert" || properties.level !== "red" || this.seen.has(properties.id)) continue;
      this.seen.add(properties.id);
      this.ring(geometry.coordinates as [number, number]);
    }
  }

  private ring(at: [number, number]): void {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const element = document.createElement("div");
    element.className = "pin-pulse";
    const wave = document.createElement("span");
    element.append(wave);
    const marker = new Marker({ element }).setLngLat(at).addTo(this.view);
    wave.addEventListener("animationend", () => marker.remove());
  }
}
