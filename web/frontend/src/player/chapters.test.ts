import assert from "node:assert/strict";
import { test } from "node:test";
import { indexAt, neighbour } from "./chapters.ts";

const CHAPTERS = [0, 60, 300].map((second) => ({ second, title: `from ${second}` }));

test("a chapter lasts until the next one begins", () => {
  assert.deepEqual([-1, 0, 59.9, 60, 299, 300, 9_999].map((at) => indexAt(CHAPTERS, at)), [-1, 0, 0, 1, 1, 2, 2]);
  assert.equal(indexAt([], 5), -1);
});

test("the next chapter is the one after, the previous one the beginning of this or the one before", () => {
  assert.deepEqual([0, 61, 300].map((at) => neighbour(CHAPTERS, at, 1)), [60, 300, null]);
  assert.deepEqual([400, 301, 70, 61, 1].map((at) => neighbour(CHAPTERS, at, -1)), [300, 60, 60, 0, 0]);
  assert.equal(neighbour([], 5, -1), null);
});
