import assert from "node:assert/strict";
import { test } from "node:test";
import { countdown, hourOf, minutesEarly, plan, span } from "./clock.ts";

const START = Date.parse("2026-05-12T19:00:00Z");
const MINUTE = 60_000;

test("a span is written with hours only when there are some", () => {
  assert.deepEqual([-1, 0, 999, 65_000, 3_845_000].map(span), ["0:00", "0:00", "0:00", "1:05", "1:04:05"]);
});

test("the countdown turns at the start, and a far start is no countdown", () => {
  assert.deepEqual(
    [START - 3 * 24 * 60 * MINUTE, START - 11.4 * MINUTE, START - 1, START, START + 2 * MINUTE].map((now) =>
      countdown(START, now),
    ),
    [
      { kind: "far", text: "" },
      { kind: "in", text: "11:24" },
      { kind: "in", text: "0:01" },
      { kind: "late", text: "0:00" },
      { kind: "late", text: "2:00" },
    ],
  );
});

test("five minutes before the end and after it something is said", () => {
  assert.deepEqual(
    [START - 6 * MINUTE, START - 5 * MINUTE, START, START + MINUTE].map((now) => plan(START, now)),
    [
      { text: "6:00", over: false, say: "" },
      { text: "5:00", over: false, say: "soon" },
      { text: "0:00", over: true, say: "over" },
      { text: "1:00", over: true, say: "over" },
    ],
  );
});

test("within the last minute nobody is early", () => {
  assert.deepEqual([11.4, 1, 0.9, -3].map((early) => minutesEarly(START, START - early * MINUTE)), [11, 1, 0, 0]);
});

test("an hour is told in the zone of the page", () => {
  assert.equal(hourOf(START, "Asia/Shanghai"), "03:00");
});
