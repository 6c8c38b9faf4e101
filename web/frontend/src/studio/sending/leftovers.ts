// What an earlier life of the page has left in this browser, and files of it.
import { databaseOf, databasesOfOthers, openDatabase } from "./database.ts";
import { IndexedStore } from "./indexed_store.ts";
import { LayeredStore } from "./layered_store.ts";
import { MemoryStore } from "./memory_store.ts";
import type { Head, Piece, Store } from "./store.ts";
import type { Leftover } from "./types.ts";

const RESUMABLE_MS = 6 * 3600 * 1000;
export const KEPT_MS = 30 * 24 * 3600 * 1000;

/** A store, and whether it is on the disk: asked again whenever it matters. */
export interface Opened { store: Store; onDisk: () => boolean }

let opened: Promise<Opened> | null = null;

/** Open the store of whoever uses this page, once; without a database it is memory. */
export function openStore(): Promise<Opened> {
  const person = document.querySelector<HTMLElement>("[data-person]")?.dataset["person"] ?? "";
  if (!opened) void tidyOthers(person).catch(() => undefined); // again when the next page is opened
  opened ??= openDatabase(databaseOf(person)).then(
    (database) => {
      const store = new LayeredStore(new IndexedStore(database), new MemoryStore());
      return { store, onDisk: () => !store.fault };
    },
    () => ({ store: new MemoryStore(), onDisk: () => false }),
  );
  return opened;
}

/** Forget what others left in this browser so long ago that they will not come back for it. */
async function tidyOthers(person: string): Promise<void> {
  for (const name of await databasesOfOthers(person)) {
    const database = await openDatabase(name);
    await new IndexedStore(database).tidy(Date.now() - KEPT_MS);
    database.close();
  }
}

/** Return what the server does not have yet, or null. */
export async function leftoverIn(store: Store, livestreamId: string): Promise<Leftover | null> {
  const { pieces, bytes, ms } = await store.waiting(livestreamId);
  return pieces ? { pieces, bytes, seconds: ms / 1000 } : null;
}

/** Tell whether this browser was on air and did not say that it ended. */
export async function isResumable(store: Store, livestreamId: string, now: number): Promise<boolean> {
  const life = await store.life(livestreamId);
  return life.onAir && now - life.touchedAt < RESUMABLE_MS;
}

/** Return what never arrived as files, one for each recording. */
export async function filesOf(store: Store, livestreamId: string): Promise<File[]> {
  return (await store.unsent(livestreamId)).map(({ head, pieces }) => fileOf(head, pieces));
}

function fileOf(head: Head, pieces: readonly Piece[]): File {
  const first = pieces[0]?.order === 0 || !head.bytes ? [] : [head.bytes]; // players need its header
  const parts = [...first, ...pieces.map((piece) => piece.bytes)] as BlobPart[];
  const moment = new Date(head.recording).toISOString().slice(0, 19).replaceAll(":", "-");
  return new File(parts, `${moment}.${endingOf(head.type)}`, { type: head.type });
}

function endingOf(type: string): string {
  if (type.startsWith("video/mp4")) return "mp4";
  return type.startsWith("video/x-matroska") ? "mkv" : "webm";
}

/** Offer a file as the browser's download. */
export function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
