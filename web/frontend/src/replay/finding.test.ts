import assert from "node:assert/strict";
import { test } from "node:test";
import { patternFor, piecesOf, stepFrom } from "./finding.ts";

const marked = (text: string, wanted: string) =>
  piecesOf(text, patternFor(wanted, [text]))
    .map(({ text: part, found }) => (found ? `[${part}]` : part))
    .join("");

test("a phrase is found whatever its case and spaces", () => {
  assert.equal(marked("Salt, and table  salt.", "table salt"), "Salt, and [table  salt].");
  assert.equal(marked("失眠不是你的错。", "失眠"), "[失眠]不是你的错。");
});

test("words of a phrase that is nowhere are found one by one, but no single letters", () => {
  assert.equal(marked("Attacks of panic", "a panic attack"), "[Attack]s of [panic]");
});

test("signs are only signs", () => {
  assert.equal(marked("What (now)?", "(now)?"), "What [(now)?]");
  assert.equal(patternFor(".*", ["anything"]), null);
  assert.equal(patternFor("  ", ["anything"]), null);
});

test("steps go on from where one is, and round", () => {
  assert.deepEqual([stepFrom([3, 7], -1, 1), stepFrom([3, 7], 3, 1), stepFrom([3, 7], 7, 1)], [0, 1, 0]);
  assert.deepEqual([stepFrom([3, 7], 7, -1), stepFrom([3, 7], 3, -1)], [0, 1]);
});
