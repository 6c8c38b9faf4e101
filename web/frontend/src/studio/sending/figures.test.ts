import assert from "node:assert/strict";
import { test } from "node:test";
import { Backlog, chunkSize, Meter } from "./figures.ts";
import { formatsOf, lowerRate, optionsOf, RATES } from "./formats.ts";

test("the rate is that of requests that carry something, the round trip the shortest", () => {
  const meter = new Meter();
  meter.note(0, 30);
  assert.deepEqual([meter.bitsPerSecond, meter.roundTripMs], [0, 30]);
  meter.note(100_000, 1000);
  assert.deepEqual([meter.bitsPerSecond, meter.roundTripMs], [800_000, 30]);
  meter.note(100_000, 500);
  assert.equal(meter.bitsPerSecond, 1_040_000);
  meter.note(100_000, 4000);
  assert.equal(Math.round(meter.bitsPerSecond), 368_000);
});

test("chunks take about one and a half seconds", () => {
  assert.deepEqual([0, 1000, 8_000_000, 1e9].map(chunkSize), [262_144, 65_536, 1_500_000, 2_097_152]);
});

test("a backlog that grows for long is noticed once, an absent or recovering network is not", () => {
  const growing = (answered: boolean, step: number): boolean[] => {
    const backlog = new Backlog();
    return Array.from({ length: 40 }, (_, second) => backlog.note(second * 1000, 9000 + second * step, answered));
  };
  assert.equal(growing(true, 200).filter(Boolean).length, 1);
  assert.equal(growing(true, 200).indexOf(true), 12);
  assert.equal(growing(false, 200).includes(true), false);
  assert.equal(growing(true, -100).includes(true), false);
  assert.equal(new Backlog().note(0, 1000, true), false);
});

test("the lower rate fits the line, or is the lowest", () => {
  const [best, , low, least] = RATES;
  assert.deepEqual(lowerRate(best!, 1_200_000), low);
  assert.deepEqual(lowerRate(best!, 10_000), least);
  assert.equal(lowerRate(least!, 10_000), null);
});

test("H.264 in WebM comes first, then VP8, and MP4 only where there is nothing else", () => {
  const only = (...parts: string[]) => formatsOf((type) => parts.some((part) => type.includes(part)));
  assert.equal(formatsOf(() => true)[0], "video/webm;codecs=avc1,opus");
  assert.deepEqual(only("vp8", "vp9"), ["video/webm;codecs=vp8,opus", "video/webm;codecs=vp9,opus"]);
  assert.deepEqual(only("mp4"), ["video/mp4;codecs=avc1.42E01F,mp4a.40.2", "video/mp4"]);
  assert.equal((optionsOf("video/webm", RATES[0]!) as { videoKeyFrameIntervalDuration?: number }).videoKeyFrameIntervalDuration, 1000);
});
