import assert from "node:assert/strict";
import { test } from "node:test";
import { clockMs, join, plain, readClock, shift, split } from "./cues.ts";

const cue = { start_ms: 1000, end_ms: 3000, text: "one two" };

test("times are written as they are read", () => {
  for (const [ms, text] of [[0, "0:00.000"], [65_250, "1:05.250"], [3_723_004, "1:02:03.004"]] as const) {
    assert.equal(clockMs(ms), text);
    assert.equal(readClock(text), ms);
  }
  assert.deepEqual(["1:5,5", "soon", "1:75.0"].map(readClock), [65_500, null, null]);
});

test("a line is split where the cursor stands, each part with its share of the time", () => {
  assert.deepEqual(split(cue, 3), [
    { start_ms: 1000, end_ms: 2000, text: "one" },
    { start_ms: 2000, end_ms: 3000, text: "two" },
  ]);
  assert.equal(split(cue, 0), null);
});

test("lines are joined as their language joins words", () => {
  const next = { start_ms: 3000, end_ms: 4000, text: "three\nfour" };
  assert.deepEqual(join(cue, next, "en"), { start_ms: 1000, end_ms: 4000, text: "one two three four" });
  assert.equal(join({ ...cue, text: "你" }, { ...next, text: "好" }, "zh-Hans").text, "你好");
});

test("an edge moves no further than a line allows", () => {
  assert.equal(shift(cue, "start_ms", -2000, 9000).start_ms, 0);
  assert.equal(shift(cue, "start_ms", 5000, 9000).start_ms, 2900);
  assert.equal(shift(cue, "end_ms", 9000, 3500).end_ms, 3500);
});

test("words are kept without empty rows", () => assert.equal(plain("  a  b \n\n c "), "a b\nc"));
