import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeVoice, measure, meter, type Heard } from "./voice.ts";

/** Looks every 100 ms over `seconds`, the last one at `now` = seconds * 1000. */
function looks(seconds: number, rms: number, peak = rms * 3): Heard[] {
  return Array.from({ length: seconds * 10 + 1 }, (_, index) => ({ rms, peak, at: index * 100 }));
}

test("a microphone that is off is neither silent nor clear", () => {
  assert.equal(judgeVoice(looks(10, 0.1), 10_000, false), "off");
});

test("ten seconds without a sound are silence, fewer are not yet", () => {
  assert.equal(judgeVoice(looks(10, 0), 10_000, true), "silent");
  assert.equal(judgeVoice(looks(5, 0), 5_000, true), "waiting");
  assert.equal(judgeVoice([], 0, true), "waiting");
});

test("one word in ten seconds is a voice; eleven seconds later it is forgotten", () => {
  const spoken = [{ rms: 0.1, peak: 0.3, at: 0 }, ...looks(10, 0).slice(1)];
  assert.equal(judgeVoice(spoken, 10_000, true), "clear");
  const later = [...spoken, ...looks(11, 0).slice(101)];
  assert.equal(judgeVoice(later, 11_000, true), "silent");
});

test("a voice far away is quiet", () => {
  assert.equal(judgeVoice(looks(6, 0.008), 6_000, true), "quiet");
  assert.equal(judgeVoice(looks(1, 0.008), 1_000, true), "waiting");
});

test("peaks at full scale clip, one alone does not, and old ones are forgotten", () => {
  const loud = looks(10, 0.3, 0.5);
  assert.equal(judgeVoice(loud, 10_000, true), "clear");
  const at = (...indexes: number[]) => loud.map((one, index) => (indexes.includes(index) ? { ...one, peak: 1 } : one));
  assert.equal(judgeVoice(at(90), 10_000, true), "clear");
  assert.equal(judgeVoice(at(80, 85, 90), 10_000, true), "clipping");
  assert.equal(judgeVoice(at(10, 11, 12), 10_000, true), "clear");
});

test("a block is measured, and the meter spans -60 to -6 dB", () => {
  assert.deepEqual(measure(new Float32Array([0.5, -1, 0.5, 0])), { peak: 1, rms: Math.sqrt(1.5 / 4) });
  assert.equal(meter(0), 0);
  assert.equal(meter(0.001), 0);
  assert.equal(meter(0.6), 1);
  assert.ok(Math.abs(meter(10 ** (-33 / 20)) - 0.5) < 1e-9);
});
