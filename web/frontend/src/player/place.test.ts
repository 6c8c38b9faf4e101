import assert from "node:assert/strict";
import { test } from "node:test";
import { findPlace, placeAmong, placeOf } from "./place.ts";

const BEGAN = Date.parse("2026-03-10T18:00:00.000Z");
const LIST = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-PROGRAM-DATE-TIME:2026-03-10T18:00:10.000Z
#EXTINF:4.000,
0-10.m4s
#EXTINF:3.500,
0-14.m4s
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-03-10T18:01:00.000Z
#EXTINF:4.000,
1-18.m4s
#EXT-X-ENDLIST
`;
const at = (seconds: number) => placeOf(LIST, BEGAN + seconds * 1000);

test("a moment lies where its segment plays", () => {
  assert.deepEqual([10, 11.5, 15, 17, 61].map(at), [0, 1.5, 5, 7, 8.5]);
});

test("what was cut off, or never sent, lies where the next segment begins or the last one ends", () => {
  assert.deepEqual([0, 9.9, 30, 64, 900].map(at), [0, 0, 7.5, 11.5, 11.5]);
});

test("a list without times tells no place", () => {
  assert.equal(placeOf("#EXTM3U\n#EXTINF:4.000,\n0-0.m4s\n", BEGAN), null);
});

test("the place is read from the first list that the master playlist names", async () => {
  const asked: string[] = [];
  const ask = (address: string) => {
    asked.push(address);
    const text = address.endsWith("master.m3u8") ? "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n1080p/index.m3u8\n" : LIST;
    return Promise.resolve(new Response(text));
  };
  Object.assign(globalThis, { location: { href: "https://site.example/livestreams/a" } });
  assert.equal(await findPlace("/media/b/master.m3u8", BEGAN + 15_000, ask), 5);
  assert.deepEqual(asked, ["/media/b/master.m3u8", "https://site.example/media/b/1080p/index.m3u8"]);
});

test("a server that does not answer, or has nothing, tells no place", async () => {
  assert.equal(await findPlace("/media/b/master.m3u8", BEGAN, () => Promise.reject(new Error("away"))), null);
  assert.equal(await findPlace("/m", BEGAN, () => Promise.resolve(new Response("", { status: 404 }))), null);
});

test("a moment of what is live lies in its segment, behind a break in the next one, before all nowhere", () => {
  const listed = [
    { start: 0, duration: 4, programDateTime: BEGAN + 10_000 },
    { start: 4, duration: 4, programDateTime: BEGAN + 14_000 },
    { start: 8, duration: 4, programDateTime: BEGAN + 60_000 },
  ];
  const found = [9, 10, 15.5, 30, 61, 300].map((seconds) => placeAmong(listed, BEGAN + seconds * 1000));
  assert.deepEqual(found, [null, 0, 5.5, 8, 9, 12]);
  assert.equal(placeAmong([], BEGAN), null);
  assert.equal(placeAmong([{ start: 0, duration: 4, programDateTime: null }], BEGAN), null);
});
