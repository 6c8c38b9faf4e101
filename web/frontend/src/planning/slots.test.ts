import assert from "node:assert/strict";
import { test } from "node:test";
import { untilOver } from "./slots.ts";

test("a hold that is over is over at once, and none is waited for too long", () => {
  const now = Date.parse("2026-03-10T18:00:00Z");
  assert.equal(untilOver("2026-03-10T18:10:00Z", now), 600_000);
  assert.equal(untilOver("2026-03-10T17:59:00Z", now), 0);
  assert.equal(untilOver("2099-01-01T00:00:00Z", now), 2 ** 31 - 1);
});
