import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, Herald, ordered, placed, wordsIn, type Question } from "./listing.ts";

const question = (id: string, state: Question["state"], votes: number, minute: number): Question => ({
  id,
  state,
  votes,
  name: {},
  text: id,
  language: "en",
  shown_at: `2026-05-12T19:0${minute}:00Z`,
});

const ALL = [
  question("old", "approved", 2, 1),
  question("answered", "answered", 90, 2),
  question("wanted", "approved", 40, 0),
  question("new", "approved", 2, 5),
  question("air", "on_air", 1, 3),
];

test("what is on air comes first, then what most want, the newer first; answered ones last", () => {
  assert.deepEqual(ordered(ALL, "wanted").map((one) => one.id), ["air", "wanted", "new", "old", "answered"]);
});

test("by time the newest comes first, after what is on air", () => {
  assert.deepEqual(ordered(ALL, "newest").map((one) => one.id), ["air", "new", "answered", "old", "wanted"]);
});

test("while somebody reads nothing moves: new ones come last, gone ones go", () => {
  assert.deepEqual(placed(["a", "b", "c"], ["d", "c", "a"], true), ["a", "c", "d"]);
  assert.deepEqual(placed(["a", "b", "c"], ["d", "c", "a"], false), ["d", "c", "a"]);
});

test("what came while the page was open is never folded away", () => {
  assert.deepEqual([...folded(["a", "new", "b", "c", "d"], new Set(["new"]), 2)], ["c", "d"]);
});

test("new questions are told of together, and not too often", () => {
  const herald = new Herald(30_000);
  assert.deepEqual(
    [herald.fresh(1, 0), herald.fresh(2, 1_000), herald.fresh(0, 29_999), herald.fresh(0, 30_000), herald.fresh(0, 90_000)],
    [1, 0, 0, 2, 0],
  );
});

test("a text that is not there in the language of the page is shown in the one it has", () => {
  assert.deepEqual([wordsIn({ en: "Hi", "zh-Hans": "你好" }, "zh-Hans"), wordsIn({ en: "Hi" }, "zh-Hans")], ["你好", "Hi"]);
});
