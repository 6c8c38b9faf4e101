// Where camera, screen and slides stand in the picture. Pure.
import type { Corner, Layout } from "./types.ts";

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  x: number;
  y: number;
}

/** A part of a source, and where it is drawn. */
export interface Placed {
  from: Box;
  to: Box;
}

export type Part = "camera" | "screen" | "slide" | "card";

/** Sizes of what can be shown now; what is not there is null. */
export type Present = Record<Exclude<Part, "card">, Size | null>;

export const PICTURE: Box = { x: 0, y: 0, width: 1280, height: 720 };
const INSET: Size = { width: 320, height: 180 };
const MARGIN = 24;
/** A camera is cropped to fill the picture, but never by more than this part of a side. */
const MOST_CROPPED = 0.4;
/** Of what is cropped off in height, the part that goes from the top: heads are up there. */
const FROM_TOP = 1 / 3;

/** Return what is drawn, the lowest first. What a layout misses is made up for by what there is. */
export function arrange(layout: Layout, present: Present, corner: Corner): ({ part: Part } & Placed)[] {
  const [main, inset] = partsOf(layout, present);
  const drawn = [{ part: main, ...placeMain(main, present) }];
  if (inset && present.camera) drawn.push({ part: "camera", ...crop(present.camera, insetBox(corner), 1) });
  return drawn;
}

/** Return the large part of a layout, and whether the camera stands in its corner. */
function partsOf(layout: Layout, present: Present): [Part, boolean] {
  const wanted = layout.startsWith("screen") ? "screen" : layout.startsWith("slides") ? "slide" : "camera";
  if (present[wanted]) return [wanted, layout.endsWith("_camera")];
  return [present.camera ? "camera" : "card", false];
}

function placeMain(part: Part, present: Present): Placed {
  if (part === "card") return { from: PICTURE, to: PICTURE };
  const size = present[part] ?? PICTURE;
  return part === "camera" ? crop(size, PICTURE) : { from: whole(size), to: contain(size, PICTURE) };
}

/** Return the largest box of the shape of `size` in the middle of `box`. */
export function contain(size: Size, box: Box): Box {
  const scale = Math.min(box.width / size.width, box.height / size.height);
  const width = Math.round(size.width * scale);
  const height = Math.round(size.height * scale);
  return {
    x: box.x + Math.round((box.width - width) / 2),
    y: box.y + Math.round((box.height - height) / 2),
    width,
    height,
  };
}

/** Fill `box` with a camera's picture: cropped by at most `most` of a side, bars for the rest. */
export function crop(size: Size, box: Box, most = MOST_CROPPED): Placed {
  const wanted = box.width / box.height;
  const width = Math.max(Math.min(size.width, size.height * wanted), size.width * (1 - most));
  const height = Math.max(Math.min(size.height, size.width / wanted), size.height * (1 - most));
  const from = { x: (size.width - width) / 2, y: (size.height - height) * FROM_TOP, width, height };
  return { from, to: contain(from, box) };
}

/** Return where the camera stands in a corner. */
export function insetBox(corner: Corner): Box {
  const right = corner.endsWith("right");
  const bottom = corner.startsWith("bottom");
  return {
    x: right ? PICTURE.width - INSET.width - MARGIN : MARGIN,
    y: bottom ? PICTURE.height - INSET.height - MARGIN : MARGIN,
    ...INSET,
  };
}

function whole(size: Size): Box {
  return { x: 0, y: 0, width: size.width, height: size.height };
}
