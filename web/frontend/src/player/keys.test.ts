import assert from "node:assert/strict";
import { test } from "node:test";
import { actOf } from "./keys.ts";

test("keys act on the player", () => {
  assert.deepEqual(
    ["k", " ", "J", "l", "ArrowLeft", "Home", ">", "C", "【", "]", "x"].map((key) => actOf(key, "", false)),
    [
      { do: "toggle" },
      { do: "toggle" },
      { do: "seek", by: -10 },
      { do: "seek", by: 10 },
      { do: "seek", by: -5 },
      { do: "start" },
      { do: "rate", step: 1 },
      { do: "captions" },
      { do: "chapter", step: -1 },
      { do: "chapter", step: 1 },
      null,
    ],
  );
});

test("a control keeps its own keys", () => {
  const pairs: [string, string][] = [[" ", "button"], ["ArrowLeft", "range"], ["k", "text"], ["m", "select"]];
  assert.deepEqual(pairs.map(([key, kind]) => actOf(key, kind, false)), [null, null, null, null]);
  assert.deepEqual(actOf("m", "button", false), { do: "mute" });
});

test("a shortcut of the browser is left to it", () => {
  assert.equal(actOf("l", "", true), null);
});
