import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, fits } from "./counts.ts";

test("English is counted in words, Chinese in characters", () => {
  assert.deepEqual([countOf("one two  three\n\nfour", "words"), countOf("", "words")], [4, 0]);
  assert.equal(countOf("睡眠，CBT 疗法。", "characters"), 4);
});

test("both ends of what was agreed fit", () => {
  const agreed = { least: "120", most: "180" };
  assert.deepEqual([119, 120, 180, 181].map((count) => fits(count, agreed)), [false, true, true, false]);
});
