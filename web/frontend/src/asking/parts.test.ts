import assert from "node:assert/strict";
import { test } from "node:test";
import { names } from "./parts.ts";

test("names stand ready as the page wrote them", () => {
  assert.deepEqual(names("12:Quiet Heron|40:Slow River"), [
    ["12", "Quiet Heron"],
    ["40", "Slow River"],
  ]);
  assert.deepEqual(names(""), []);
});
