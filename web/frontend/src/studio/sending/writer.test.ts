import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "./memory_store.ts";
import { Writer } from "./writer.ts";

const HEADER = [0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3, 4, 5, 6, 7, 8];

/** A writer and what it has told of and written. */
function desk() {
  const store = new MemoryStore(), kept: [number, number, boolean][] = [];
  const writer = new Writer("show", store, () => 1, (ms, bytes, there) => kept.push([ms, bytes, there]));
  const written = async (): Promise<number[][]> => {
    await writer.idle();
    return (await store.unsent("show")).flatMap(({ pieces }) => pieces.map((piece) => [...piece.bytes]));
  };
  return { store, writer, kept, written };
}

const blob = (bytes: number[]): Blob => new Blob([new Uint8Array(bytes)]);

test("a beginning that is too short to be one is written with what follows", async () => {
  const { store, writer, kept, written } = desk();
  writer.begun("video/webm");
  writer.piece(blob(HEADER.slice(0, 1)), 400);
  writer.piece(blob(HEADER.slice(1, 11)), 250);
  assert.deepEqual(await written(), []);
  writer.piece(blob(HEADER.slice(11)), 250);
  writer.piece(blob([9]), 250);
  assert.deepEqual(await written(), [HEADER, [9]]);
  assert.deepEqual(kept, [[900, 12, true], [250, 1, true]]);
  assert.deepEqual([...(await store.unsent("show"))[0]!.head.bytes!], HEADER); // a download needs it
});

test("a recorder that ends before its first picture leaves nothing for the next one", async () => {
  const { writer, kept, written } = desk();
  writer.begun("video/webm");
  writer.piece(blob(HEADER.slice(0, 1)), 400);
  writer.begun("video/webm");
  writer.piece(blob(HEADER), 250);
  assert.deepEqual(await written(), [HEADER]);
  assert.deepEqual(kept, [[250, 12, true]]);
});
