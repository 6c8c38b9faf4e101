import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, fill, linkedSecond } from "./times.ts";

test("a clock has hours only when there are some", () => {
  assert.deepEqual([0, 65, 3600, 3725, -4].map(clock), ["0:00", "1:05", "1:00:00", "1:02:05", "0:00"]);
});

test("a sentence keeps places it has no value for", () => {
  assert.equal(fill("{at} of {all}", { at: "1:05" }), "1:05 of {all}");
});

test("a linked second that makes no sense is none", () => {
  const read = ["?t=90", "?t=12.5", "?t=-3", "?t=", "?x=1", "?t=9e9"].map((search) => linkedSecond({ hash: "", search }));
  assert.deepEqual(read, [90, 12.5, null, null, null, null]);
});

test("the second after the hash goes before the one in the query", () => {
  assert.equal(linkedSecond({ hash: "#t=754", search: "?t=3" }), 754);
  assert.equal(linkedSecond({ hash: "#main", search: "?t=3" }), 3);
});
