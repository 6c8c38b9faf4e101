import assert from "node:assert/strict";
import { test } from "node:test";
import { wrap } from "./wrapping.ts";

const upTo = (most: number) => (line: string) => [...line].length <= most;

test("words stay whole and no line begins with a comma", () => {
  assert.deepEqual(wrap("Sleep, and what keeps us awake", upTo(12), 4, "en"), ["Sleep, and", "what keeps", "us awake"]);
});

test("Chinese breaks between words without spaces", () => {
  const lines = wrap("睡眠障碍的认知行为疗法，第一讲", upTo(8), 4, "zh-Hans");
  assert.equal(lines.join(""), "睡眠障碍的认知行为疗法，第一讲");
  assert.ok(lines.length === 2 && lines.every((line) => !line.startsWith("，")));
});

test("what does not fit is cut off with an ellipsis", () => {
  assert.deepEqual(wrap("one two three four five", upTo(9), 2, "en"), ["one two", "three…"]);
  assert.deepEqual(wrap("incomprehensibilities", upTo(9), 1, "en"), ["incomprehensibilities"]);
});
