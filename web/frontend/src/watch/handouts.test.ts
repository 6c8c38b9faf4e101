import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeOf } from "./handouts.ts";

test("sizes are written as the server writes them", () => {
  assert.deepEqual([1, 900, 48_400, 999_999, 1_000_000, 2_345_678].map(sizeOf), ["1 KB", "1 KB", "48 KB", "1000 KB", "1.0 MB", "2.3 MB"]);
});
