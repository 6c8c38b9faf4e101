import assert from "node:assert/strict";
import { test } from "node:test";
import { readChoices } from "./memory.ts";

const DEFAULTS = { volume: 1, muted: false, rate: 1 };

test("choices are read back", () => {
  const choices = { volume: 0.4, muted: true, rate: 1.5 };
  assert.deepEqual(readChoices(JSON.stringify(choices)), choices);
});

test("choices that make no sense become their defaults", () => {
  for (const text of [null, "null", "{", "[]", '{"volume":7,"rate":"fast","muted":1}'])
    assert.deepEqual(readChoices(text), DEFAULTS);
});
