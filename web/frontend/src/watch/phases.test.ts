import assert from "node:assert/strict";
import { test } from "node:test";
import { minutesLeft, pause, phaseOf } from "./phases.ts";

const audience = (state: string, interrupted = false, playback_url: string | null = null) => ({
  state,
  interrupted,
  playback_url,
  starts_at: "2026-05-12T19:00:00Z",
});

test("every state has its phase", () => {
  const url = "/media/b/master.m3u8";
  assert.deepEqual(
    [
      audience("draft"),
      audience("scheduled"),
      audience("live"),
      audience("live", false, url),
      audience("live", true, url),
      audience("ended"),
      audience("published"),
      audience("published", false, url),
      audience("cancelled"),
      audience("missed"),
    ].map((state) => phaseOf(state)),
    ["before", "before", "opening", "live", "interrupted", "ended", "ended", "replay", "cancelled", "missed"],
  );
});

test("the crew may look at a recording before its release", () => {
  const ended = audience("ended", false, "/media/b/master.m3u8");
  assert.deepEqual([phaseOf(ended), phaseOf(ended, true)], ["ended", "review"]);
});

test("the state is asked for more often the nearer the start is", () => {
  assert.deepEqual(
    [
      pause("before", 3_600_000, false, 0),
      pause("before", 60_000, false, 0),
      pause("live", 0, false, 0),
      pause("live", 0, true, 0),
      pause("replay", 0, false, 0),
    ],
    [10_000, 2_000, 1_500, 15_000, 60_000],
  );
});

test("a server that does not answer is asked less and less", () => {
  assert.deepEqual([1, 2, 9].map((failures) => pause("live", 0, false, failures)), [2_000, 4_000, 30_000]);
});

test("minutes are counted only near the start", () => {
  assert.deepEqual([-5_000, 1, 61_000, 5_400_000, 5_400_001].map(minutesLeft), [0, 1, 2, 90, null]);
});
