import assert from "node:assert/strict";
import { test } from "node:test";
import { keyAct } from "./keys.ts";

test("keys act, in capitals as well", () => {
  assert.deepEqual(
    ["m", "M", "v", "k", "ArrowRight", "PageUp", "?", "3", "6", "x"].map((key) => keyAct(key, "", false, "air")),
    ["microphone", "microphone", "camera", "mark", "next", "previous", "keys", { layout: 2 }, null, null],
  );
});

test("who types is left alone, and so are shortcuts of the browser", () => {
  assert.deepEqual(
    [keyAct("m", "text", false, "air"), keyAct("k", "", true, "air"), keyAct("ArrowLeft", "radio", false, "air")],
    [null, null, null],
  );
  assert.equal(keyAct("m", "radio", false, "air"), "microphone");
});

test("chapters are marked on air alone, and afterwards no key acts", () => {
  assert.deepEqual(
    [keyAct("k", "", false, "green"), keyAct("v", "", false, "green"), keyAct("v", "", false, "after")],
    [null, "camera", null],
  );
});
