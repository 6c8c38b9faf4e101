import assert from "node:assert/strict";
import { test } from "node:test";
import { chapterOf } from "./so_far.ts";

const chapter = (minute: number, title: string) => ({
  at: `2026-05-12T19:${String(minute).padStart(2, "0")}:00Z`,
  second: minute * 60,
  title,
});

test("the chapter of a picture is the last that began before it; while nothing plays there is none", () => {
  const chapters = [chapter(0, "Welcome"), chapter(12, "Why we wake at night"), chapter(25, "What helps")];
  const at = (minute: number) => Date.parse("2026-05-12T19:00:00Z") + minute * 60_000;
  const found = [-1, 0, 11.9, 12, 40].map((minute) => chapterOf(chapters, at(minute))?.title ?? null);
  assert.deepEqual(found, [null, "Welcome", "Welcome", "Why we wake at night", "What helps"]);
  assert.equal(chapterOf(chapters, null), null);
  assert.equal(chapterOf([], at(1)), null);
});
