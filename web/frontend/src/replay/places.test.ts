import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlaces, withPlace } from "./places.ts";

test("a place is kept, and gone when the end has been seen or the beginning was barely left", () => {
  const kept = withPlace({ b: [50, 9] }, "a", 760.9, 2520, 10);
  assert.deepEqual(kept, { a: [760, 10], b: [50, 9] });
  assert.deepEqual(withPlace(kept, "a", 2510, 2520, 10), { b: [50, 9] });
  assert.deepEqual(withPlace(kept, "a", 3, 2520, 10), { b: [50, 9] });
});

test("only the latest places are kept", () => {
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`l${n}`, [100, n] as const]));
  const kept = withPlace(many, "new", 100, 900, 90);
  assert.equal(Object.keys(kept).length, 60);
  assert.ok("l79" in kept && !("l20" in kept));
});

test("what is old or makes no sense is not read", () => {
  assert.deepEqual(readPlaces('{"a": [5, 100], "b": [5, 1], "c": "x", "d": ["5", 100]}', 100), { a: [5, 100] });
  assert.deepEqual(readPlaces("{", 100), {});
  assert.deepEqual(readPlaces("null", 100), {});
});
