import assert from "node:assert/strict";
import { test } from "node:test";
import { readStory } from "./story.ts";

test("a storyboard is read, its sheets beside it", () => {
  const text = [
    "WEBVTT",
    "",
    "00:00:00.000 --> 00:00:05.000",
    "storyboard-1a2b3c4d.jpg#xywh=0,0,160,90",
    "",
    "01:00:05.500 --> 01:00:10.000",
    "storyboard-1a2b3c4d.jpg#xywh=160,90,160,90",
    "",
  ].join("\r\n");
  const sheet = "https://a.example/media/b/assets/storyboard-1a2b3c4d.jpg";
  assert.deepEqual(readStory(text, "https://a.example/media/b/assets/storyvtt-5e6f7a8b.vtt"), [
    { second: 0, sheet, x: 0, y: 0, width: 160, height: 90 },
    { second: 3605.5, sheet, x: 160, y: 90, width: 160, height: 90 },
  ]);
});

test("what is no storyboard has no pictures", () => {
  assert.deepEqual(readStory("<!doctype html>", "https://a.example/"), []);
});
