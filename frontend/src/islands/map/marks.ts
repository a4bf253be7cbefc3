import type { Map as View } from "maplibre-gl";
import { token } from "./tokens.ts";

interface Shape {
  path: string;
  size: number;
  letter: number;
  baseline: number;
}

/** One shape per level in a box of 28 units; the map draws the higher ones larger. */
const SHAPES: Record<string, Shape> = {
  blue: { path: "M14 2a12 12 0 1 0 0 24a12 12 0 1 0 0-24Z", size: 24, letter: 13, baseline: 14.8 },
  yellow: { path: "M14 2.2 26.6 25H1.4Z", size: 28, letter: 11, baseline: 18.4 },
  orange: { path: "M14 .9 27.1 14 14 27.1.9 14Z", size: 32, letter: 13, baseline: 14.8 },
  red: { path: "M2.6 2.6h22.8v22.8H2.6Z", size: 34, letter: 12.5, baseline: 14.8 },
};
const CHARACTERS: Record<string, [chinese: string, other: string]> = {
  blue: ["蓝", "Ⅳ"], yellow: ["黄", "Ⅲ"], orange: ["橙", "Ⅱ"], red: ["红", "Ⅰ"],
};
const RATIO = 2;

export const LEVELS = Object.keys(SHAPES);

function sheet(size: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no 2d canvas");
  pen.scale(RATIO, RATIO);
  return [canvas, pen];
}

function levelMark(level: string): ImageData {
  const { path, size, letter, baseline } = SHAPES[level] as Shape;
  const [canvas, pen] = sheet(size + 8);
  pen.translate(4, 4);
  pen.scale(size / 28, size / 28);
  const shape = new Path2D(path);
  pen.lineJoin = "round";
  for (const [width, colour] of [[6, "surface"], [2.4, `${level}-edge`]] as const) {
    pen.lineWidth = width;
    pen.strokeStyle = token(colour);
    pen.stroke(shape);
  }
  pen.fillStyle = token(level);
  pen.fill(shape);
  if (level === "red") {
    pen.lineWidth = 1.2;
    pen.strokeStyle = token("on-red");
    pen.strokeRect(5, 5, 18, 18);
  }
  const chinese = document.documentElement.lang.startsWith("zh");
  pen.fillStyle = token(`on-${level}`);
  pen.font = `700 ${letter}px ${token("font")}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(CHARACTERS[level]?.[chinese ? 0 : 1] ?? "", 14, baseline);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** A small document; ink and ground change places when the case is late. */
function caseMark(late: boolean): ImageData {
  const [canvas, pen] = sheet(18);
  const ink = late ? token("on-late") : token("ink-2");
  pen.beginPath();
  pen.roundRect(3.5, 2.5, 11, 13, 1.5);
  pen.fillStyle = late ? token("late") : token("surface");
  pen.strokeStyle = ink;
  pen.lineWidth = 1.4;
  pen.fill();
  pen.stroke();
  pen.lineWidth = 1.2;
  for (const y of [6.5, 9, 11.5]) {
    pen.beginPath();
    pen.moveTo(6, y);
    pen.lineTo(y > 10 ? 10 : 12, y);
    pen.stroke();
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Draw every mark in the colours of the theme in force and hand it to the map, anew or in place of the old one. */
export function drawMarks(view: View): void {
  const marks: [string, ImageData][] = LEVELS.map((level) => [level, levelMark(level)]);
  marks.push(["case", caseMark(false)], ["case-late", caseMark(true)]);
  for (const [name, image] of marks) {
    if (view.hasImage(name)) view.updateImage(name, image);
    else view.addImage(name, image, { pixelRatio: RATIO });
  }
}
