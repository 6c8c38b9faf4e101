import assert from "node:assert/strict";
import { test } from "node:test";
import { presses } from "./presses.ts";

const pressed = (moments: [boolean, number][]) => {
  const press = presses(3, 1500);
  return moments.map(([hit, at]) => press(hit, at));
};

test("three quick presses count", () => {
  assert.deepEqual(pressed([[true, 0], [true, 500], [true, 1400]]), [false, false, true]);
});

test("three slow presses do not count", () => {
  assert.deepEqual(pressed([[true, 0], [true, 1000], [true, 1600]]), [false, false, false]);
});

test("another key in between starts anew", () => {
  assert.deepEqual(pressed([[true, 0], [true, 10], [false, 20], [true, 30]]), [false, false, false, false]);
});
