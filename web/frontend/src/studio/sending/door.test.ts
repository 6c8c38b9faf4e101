import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf, backoff, Door, patience } from "./door.ts";

test("every status of the door says what to do", () => {
  const words = { code: "gate_shut", detail: "Nobody moderates." };
  assert.deepEqual(answerOf(201, { next: 4, durable_through: 1 }), { kind: "taken", next: 4, durableThrough: 1 });
  assert.deepEqual(answerOf(200, { next: 4, durable_through: -1 }), { kind: "taken", next: 4, durableThrough: -1 });
  assert.deepEqual(answerOf(409, { code: "chunk_gap", next: 2 }), { kind: "gap", next: 2 });
  const headless = { code: "not_a_recording" };
  assert.deepEqual(answerOf(422, headless), { kind: "headless", anotherSends: false });
  assert.deepEqual(answerOf(422, { ...headless, another_sends: true }), { kind: "headless", anotherSends: true });
  assert.deepEqual(answerOf(409, words), { kind: "refused", status: 409, code: "gate_shut", words: "Nobody moderates." });
  assert.deepEqual(answerOf(404, {}), { kind: "refused", status: 404, code: "", words: "" });
  for (const status of [408, 429, 500, 502, 503, 504]) assert.equal(answerOf(status, {}).kind, "later");
  assert.deepEqual(answerOf(429, {}, 3), { kind: "later", afterMs: 3000 });
  assert.equal(answerOf(200, {}).kind, "later"); // a page of a proxy or of a hotel's network
});

test("a page in place of an answer is tried again, and a dead line is told apart", async () => {
  const hotel = new Door("/u", async () => new Response("<h1>Sign in</h1>", { status: 200 }));
  assert.deepEqual(await hotel.put(0, new Uint8Array(1), AbortSignal.timeout(1000)), { kind: "later", afterMs: 0 });
  const dead = new Door("/u", async () => { throw new TypeError("Failed to fetch"); });
  assert.deepEqual(await dead.place(AbortSignal.timeout(1000)), { kind: "away" });
});

test("waits grow to two seconds and spread", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 20].map((failures) => backoff(failures, 1)), [200, 400, 800, 1600, 2000, 2000]);
  assert.deepEqual([0, 20].map((failures) => backoff(failures, 0)), [100, 1000]);
});

test("a request may take as long as the line is slow, longer after time-outs", () => {
  assert.equal(patience(1000, 0, 0), 5000);
  assert.equal(patience(1_000_000, 800_000, 0), 40_000);
  assert.equal(patience(1000, 0, 2), 20_000);
  assert.equal(patience(2_000_000, 1000, 9), 300_000);
});
