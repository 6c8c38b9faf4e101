import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { beat, isDrawn, MINUTE, request } from "./beat.ts";

test("one page in `sample` is drawn", () => {
  const drawn = (sample: number) => Array.from({ length: 1000 }, (_, lot) => isDrawn(sample, lot / 1000)).filter(Boolean);
  assert.deepEqual([0, 1, 4, 50].map((sample) => drawn(sample).length), [1000, 1000, 250, 20]);
});

test("in public a beat carries nothing, not even a cookie", () => {
  assert.deepEqual(request(""), { method: "POST", credentials: "omit" });
});

test("what is for one organisation is counted with its token", () => {
  const headers = { "X-CSRFToken": "a" };
  assert.deepEqual(request("a"), { method: "POST", credentials: "same-origin", headers });
});

test("a page beats once a minute, at its own moment, and only while it plays live", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  context.mock.method(Math, "random", () => 0.25);
  const sent = context.mock.method(globalThis, "fetch", mock.fn(() => Promise.reject(new Error("offline"))));
  const page = { playsLive: true, sample: 1 };
  beat("/beat", "", page);
  const passed = [0.25 * MINUTE - 1, 1, MINUTE - 1, 1].map((time) => {
    context.mock.timers.tick(time);
    return sent.mock.callCount();
  });
  assert.deepEqual(passed, [0, 1, 1, 2]);
  page.playsLive = false;
  context.mock.timers.tick(3 * MINUTE);
  assert.equal(sent.mock.callCount(), 2);
  page.playsLive = true;
  page.sample = 5; // a quarter is not drawn
  context.mock.timers.tick(3 * MINUTE);
  assert.equal(sent.mock.callCount(), 2);
});
