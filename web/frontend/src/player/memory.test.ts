import assert from "node:assert/strict";
import { test } from "node:test";
import { readChoices } from "./memory.ts";

const DEFAULTS = {
  volume: 1,
  muted: false,
  rate: 1,
  captions: "",
  height: 0,
  sound: false,
  save: null,
};

test("choices are read back", () => {
  const choices = {
    volume: 0.4,
    muted: true,
    rate: 1.5,
    captions: "zh-Hans",
    height: 360,
    sound: true,
    save: false,
  };
  assert.deepEqual(readChoices(JSON.stringify(choices)), choices);
});

test("choices that make no sense become their defaults", () => {
  const nonsense = '{"volume":7,"rate":"fast","muted":1,"captions":"<b>","height":-1,"sound":"x","save":"no"}';
  for (const text of [null, "null", "{", "[]", nonsense]) assert.deepEqual(readChoices(text), DEFAULTS);
});
