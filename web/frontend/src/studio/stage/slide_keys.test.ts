import assert from "node:assert/strict";
import { test } from "node:test";
import { numberAfter, turnOf } from "./slide_keys.ts";

test("arrows and the keys of clickers turn slides", () => {
  assert.equal(turnOf("PageDown", false, false), "next");
  assert.equal(turnOf("ArrowLeft", false, false), "previous");
  assert.equal(turnOf("a", false, false), null);
});

test("keys belong to the field that is typed in, and to the browser with a modifier", () => {
  assert.equal(turnOf("ArrowRight", true, false), null);
  assert.equal(turnOf("ArrowLeft", false, true), null);
});

test("a turn leads to a page", () => {
  const at = { page: 3, count: 9 };
  assert.deepEqual((["next", "previous", "first", "last"] as const).map((turn) => numberAfter(turn, at)), [4, 2, 1, 9]);
});
