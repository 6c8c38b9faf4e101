import assert from "node:assert/strict";
import { test } from "node:test";
import { shownRate } from "./connection.ts";

test("the fastest telling fetch of the page shows the rate", () => {
  const script = { transferSize: 150_000, requestStart: 1_000, responseEnd: 2_000 };
  const poster = { transferSize: 50_000, requestStart: 1_000, responseEnd: 2_000 };
  assert.equal(shownRate([poster, script]), 960_000);
});

test("small and kept files tell nothing", () => {
  const small = { transferSize: 2_000, requestStart: 10, responseEnd: 11 };
  const kept = { transferSize: 0, requestStart: 10, responseEnd: 10 };
  assert.equal(shownRate([small, kept]), null);
});
