import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, nextSize, rateOf, sentence } from "./uplink.ts";

const WORDS = { good: "good: {rate}", tight: "tight: {rate}", poor: "poor: {rate}", failed: "failed" };

test("the first post opens the connection and counts only when it is alone", () => {
  assert.equal(rateOf([{ bytes: 1000, ms: 8000 }, { bytes: 500_000, ms: 800 }, { bytes: 500_000, ms: 1200 }]), 4000);
  assert.equal(rateOf([{ bytes: 1000, ms: 8 }]), 1000);
  assert.equal(rateOf([]), 0);
});

test("a rate is judged against what 720p needs", () => {
  assert.deepEqual([4800, 4000, 3000, 2799, 0].map(judge), ["good", "good", "tight", "poor", "failed"]);
});

test("posts grow until one takes a good half second, and stay within what the edge takes", () => {
  assert.equal(nextSize(undefined), 32_768);
  assert.equal(nextSize({ bytes: 32_768, ms: 20 }), 131_072);
  assert.equal(nextSize({ bytes: 131_072, ms: 350 }), 262_144);
  assert.equal(nextSize({ bytes: 524_288, ms: 10 }), 524_288);
  assert.equal(nextSize({ bytes: 524_288, ms: 20_000 }), 32_768);
});

test("the figure stands in the sentence", () => {
  assert.equal(sentence(4812, WORDS, "en"), "good: 4.8");
  assert.equal(sentence(23_400, WORDS, "en"), "good: 23");
  assert.equal(sentence(0, WORDS, "en"), "failed");
});
