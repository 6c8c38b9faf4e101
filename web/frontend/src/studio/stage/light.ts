// Whether there is enough light on a camera's picture. Pure.
import type { PictureState } from "./types.ts";

const DARK_BELOW = 0.2; // mean of a face by a screen at night; a lit room has 0.3 and more
const DARK_LOOKS = 3; // in a row, so that a hand before the camera says nothing

/** Return the mean brightness, 0 to 1, of RGBA pixels (Rec. 709). */
export function brightness(pixels: Uint8ClampedArray): number {
  let sum = 0;
  for (let at = 0; at + 3 < pixels.length; at += 4)
    sum += 0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0);
  return pixels.length ? sum / (pixels.length / 4) / 255 : 0;
}

/** Judge the latest looks, one per second, in order of time. */
export function judgeLight(looks: readonly number[]): PictureState {
  if (looks.length < DARK_LOOKS) return "waiting";
  return looks.slice(-DARK_LOOKS).every((one) => one < DARK_BELOW) ? "dark" : "clear";
}
