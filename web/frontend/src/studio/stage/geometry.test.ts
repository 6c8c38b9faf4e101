import assert from "node:assert/strict";
import { test } from "node:test";
import { arrange, contain, crop, insetBox, PICTURE, type Present } from "./geometry.ts";

const HD = { width: 1280, height: 720 };
const NONE: Present = { camera: null, screen: null, slide: null };

const parts = (...args: Parameters<typeof arrange>) => arrange(...args).map((one) => one.part);

test("a layout draws what it names, and the camera in the corner above it", () => {
  const all = { camera: HD, screen: HD, slide: HD };
  assert.deepEqual(parts("camera", all, "top_left"), ["camera"]);
  assert.deepEqual(parts("screen", all, "top_left"), ["screen"]);
  assert.deepEqual(parts("slides", all, "top_left"), ["slide"]);
  assert.deepEqual(parts("screen_camera", all, "top_left"), ["screen", "camera"]);
  assert.deepEqual(parts("slides_camera", all, "top_left"), ["slide", "camera"]);
});

test("what is missing is made up for by the camera, and without it by the card", () => {
  assert.deepEqual(parts("screen", { ...NONE, camera: HD }, "top_left"), ["camera"]);
  assert.deepEqual(parts("slides_camera", NONE, "top_left"), ["card"]);
  assert.deepEqual(parts("screen_camera", { ...NONE, screen: HD }, "top_left"), ["screen"]);
});

test("a screen of another shape keeps it, with bars", () => {
  assert.deepEqual(contain({ width: 1024, height: 768 }, PICTURE), { x: 160, y: 0, width: 960, height: 720 });
  assert.deepEqual(contain({ width: 2560, height: 1080 }, PICTURE), { x: 0, y: 90, width: 1280, height: 540 });
});

test("a 4:3 camera fills the picture and keeps more of the top than of the bottom", () => {
  const { from, to } = crop({ width: 640, height: 480 }, PICTURE);
  assert.deepEqual(to, PICTURE);
  assert.deepEqual(from, { x: 0, y: 40, width: 640, height: 360 });
});

test("a portrait camera is cropped by 40 % at most and never distorted", () => {
  const { from, to } = crop({ width: 720, height: 1280 }, PICTURE);
  assert.equal(from.height, 768);
  assert.equal(from.width, 720);
  assert.deepEqual(to, { x: 303, y: 0, width: 675, height: 720 });
  assert.ok(Math.abs(to.width / to.height - from.width / from.height) < 0.01);
});

test("the inset stands inside the picture in each corner and is filled", () => {
  assert.deepEqual(insetBox("top_left"), { x: 24, y: 24, width: 320, height: 180 });
  assert.deepEqual(insetBox("bottom_right"), { x: 936, y: 516, width: 320, height: 180 });
  const drawn = arrange("slides_camera", { ...NONE, slide: HD, camera: { width: 720, height: 1280 } }, "top_right");
  assert.deepEqual(drawn[1]?.to, insetBox("top_right"));
});
