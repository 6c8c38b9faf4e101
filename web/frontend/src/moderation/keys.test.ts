import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, deskAct } from "./keys.ts";

test("letters press what carries them, in capitals as well", () => {
  assert.deepEqual(
    ["j", "K", "a", "Z", "?", "x"].map((key) => deskAct(key, "", false)),
    ["next", "previous", { press: "a" }, { press: "z" }, { press: "?" }, null],
  );
});

test("who writes is left alone until they leave the field, and so are shortcuts of the browser", () => {
  assert.deepEqual([deskAct("a", "text", false), deskAct("a", "", true), deskAct("Escape", "text", false)], [null, null, "leave"]);
});

test("the queue ends at its ends", () => {
  const ids = ["one", "two"];
  assert.deepEqual(
    [beside(ids, "one", 1), beside(ids, "two", 1), beside(ids, "", 1), beside(ids, "", -1), beside([], "", 1)],
    ["two", null, "one", "two", null],
  );
});
