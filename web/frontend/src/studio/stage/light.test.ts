import assert from "node:assert/strict";
import { test } from "node:test";
import { brightness, judgeLight } from "./light.ts";

test("brightness weighs colours as eyes do", () => {
  assert.ok(Math.abs(brightness(new Uint8ClampedArray([255, 255, 255, 255])) - 1) < 1e-9);
  assert.equal(brightness(new Uint8ClampedArray([0, 0, 0, 255])), 0);
  assert.ok(Math.abs(brightness(new Uint8ClampedArray([0, 255, 0, 255, 0, 0, 0, 255])) - 0.3576) < 1e-9);
});

test("three dark looks in a row are dark, two are not", () => {
  assert.equal(judgeLight([0.5, 0.1]), "waiting");
  assert.equal(judgeLight([0.5, 0.1, 0.1]), "clear");
  assert.equal(judgeLight([0.5, 0.1, 0.1, 0.1]), "dark");
  assert.equal(judgeLight([0.1, 0.1, 0.1, 0.4]), "clear");
});
