import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, span, Speed } from "./figures.ts";
import { missingParts, Refused, isPassing, waitAfter, type Upload } from "./sending.ts";

test("bytes are written as people do", () => {
  assert.deepEqual([0, 999, 1400, 25_000_000, 1.44e9].map(bytes), ["0 B", "999 B", "1.4 KB", "25 MB", "1.4 GB"]);
});

test("spans have hours only when they need them", () => {
  assert.deepEqual([7, 62, 3723].map(span), ["0:07", "1:02", "1:02:03"]);
});

test("speed is that of the last seconds", () => {
  const speed = new Speed(2000);
  assert.equal(speed.perSecond(), 0);
  for (const [at, sent] of [[0, 0], [1000, 100], [4000, 1000], [5000, 2000]] as const) speed.note(at, sent);
  assert.equal(speed.perSecond(), 1000);
});

test("only parts that are not held are sent", () => {
  const upload: Upload = { id: "a", part_size: 4, size: 14, parts_held: [0, 2], state: "open", progress: 0, reason: "" };
  assert.deepEqual(missingParts(upload), [1, 3]);
});

test("what may pass is tried again, later and later", () => {
  assert.deepEqual([0, 429, 503, 409, 422].map((status) => isPassing(new Refused(status, ""))), [true, true, true, false, false]);
  assert.deepEqual([1, 2, 3, 4, 9].map(waitAfter), [1000, 2000, 5000, 10000, 10000]);
});
