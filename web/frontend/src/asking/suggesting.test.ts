import assert from "node:assert/strict";
import { test } from "node:test";
import { isEnough } from "./suggesting.ts";

test("a few words are enough to look for answers, in either language", () => {
  assert.equal(isEnough("why do I"), false);
  assert.equal(isEnough("why do I wake"), true);
  assert.equal(isEnough("睡不着"), false);
  assert.equal(isEnough("半夜总是睡不着"), true);
});
