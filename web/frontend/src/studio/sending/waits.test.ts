import assert from "node:assert/strict";
import { test } from "node:test";
import { Turn } from "./turn.ts";
import { Waits } from "./waits.ts";

/** Waits whose timers never come, as in a hidden tab. */
function hidden(): { waits: Waits; clock: { now: number }; timers: { count: number } } {
  const clock = { now: 0 }, timers = { count: 0 };
  const waits = new Waits(() => clock.now, () => {
    timers.count += 1;
    return () => { timers.count -= 1; };
  });
  return { waits, clock, timers };
}

test("a wait ends by what happens anyhow when timers do not come", async () => {
  const { waits, clock, timers } = hidden();
  let over = 0;
  void waits.for(100).over.then(() => { over += 1; });
  waits.look();
  await Promise.resolve();
  assert.equal(over, 0);
  clock.now = 100;
  waits.look();
  await Promise.resolve();
  assert.deepEqual([over, timers.count], [1, 0]);
});

test("all waits end when the network is back", async () => {
  const { waits } = hidden();
  const [one, other] = [waits.for(100), waits.for(9000)];
  waits.rouse();
  await Promise.all([one.over, other.over]);
});

test("one holder at a time; another can take over, and the first is told", async () => {
  const locks = globalThis.navigator.locks, lost: string[] = [];
  const turn = (name: string): Turn => new Turn("turn", () => lost.push(name), locks);
  const [first, second, third] = [turn("first"), turn("second"), turn("third")];
  assert.equal(await first.claim(false), true);
  assert.equal(await first.claim(false), true);
  assert.equal(await second.claim(false), false);
  assert.equal(await third.claim(true), true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(lost, ["first"]);
  third.release();
  assert.equal(await second.claim(false), true);
  second.release();
  assert.deepEqual(lost, ["first"]);
});
