// What every store keeps to. Run on memory by node, and on the browser's database in a browser.
import type { Piece, Store } from "./store.ts";

export interface Clause { name: string; run: (store: Store) => Promise<void> }

const SHOW = "show";

export const CONTRACT: readonly Clause[] = [
  clause("a livestream that is new has numbers from 0", async (store) => {
    same(await store.life(SHOW), { livestreamId: SHOW, next: 0, formed: -1, floor: 0, onAir: false, touchedAt: 0 });
    same(await store.form(SHOW, 0, 100), null);
    same(await store.waiting(SHOW), { pieces: 0, bytes: 0, ms: 0 });
  }),
  clause("numbers of recordings rise, whatever the clock says", async (store) => {
    same([await store.begin(SHOW, "video/webm", 50), await store.begin(SHOW, "video/webm", 20)], [50, 51]);
  }),
  clause("pieces are grouped by recording and size, in order", async (store) => {
    await fill(store, 50, 3);
    await fill(store, 60, 1);
    const chunks = [await store.form(SHOW, 7, 5), await store.form(SHOW, 8, 5), await store.form(SHOW, 9, 100)];
    same(chunks.map((one) => [one?.number, one?.recording, one?.order, one?.ms, [...(one?.bytes ?? [])]]), [
      [7, 50, 0, 500, [50, 0, 50, 1]], [8, 50, 2, 250, [50, 2]], [9, 60, 0, 250, [60, 0]],
    ]);
    same(await store.form(SHOW, 10, 100), null);
  }),
  clause("a piece that is larger than a chunk should be is sent alone", async (store) => {
    await fill(store, 50, 2);
    same((await store.form(SHOW, 0, 1))?.bytes.length, 2);
  }),
  clause("a number has the same bytes each time", async (store) => {
    await fill(store, 50, 1);
    const first = await store.form(SHOW, 0, 100);
    await store.add(piece(50, 1));
    same([...(await store.form(SHOW, 0, 100))!.bytes], [...first!.bytes]);
    same(await store.numbers(SHOW), [0]);
  }),
  clause("what is taken out is not kept", async (store) => {
    await fill(store, 50, 2);
    same((await store.form(SHOW, 0, 100, false))?.bytes.length, 4);
    same([await store.numbers(SHOW), (await store.waiting(SHOW)).pieces], [[], 0]);
  }),
  clause("a chunk waits until it has arrived, and is kept until it is durable", async (store) => {
    await fill(store, 50, 3);
    for (const number of [0, 1, 2]) await store.form(SHOW, number, 2);
    same(await store.waiting(SHOW), { pieces: 3, bytes: 6, ms: 750 });
    await store.settle(SHOW, 2, 0);
    same([await store.numbers(SHOW), (await store.waiting(SHOW)).pieces], [[1, 2], 1]);
    await store.settle(SHOW, 2, 9);
    same(await store.numbers(SHOW), [2]);
  }),
  clause("a sealed recording takes no more pieces, a new one does", async (store) => {
    await fill(store, 50, 1);
    await store.seal(SHOW);
    same(await store.add(piece(50, 1)), false);
    await fill(store, 60, 1);
    same((await store.waiting(SHOW)).pieces, 2);
  }),
  clause("what is buried is never sent, but can be downloaded with its head", async (store) => {
    await fill(store, 50, 4);
    await fill(store, 60, 1);
    await store.form(SHOW, 0, 2);
    await store.form(SHOW, 1, 2);
    await store.settle(SHOW, 1, 0);
    same(await store.bury(SHOW, 50), { pieces: 3, bytes: 6, ms: 750 });
    const { formed, floor } = await store.life(SHOW);
    same([formed, floor, await store.numbers(SHOW)], [0, 51, []]);
    const unsent = await store.unsent(SHOW);
    same(unsent.map(({ head, pieces }) => [head.type, [...head.bytes!], pieces.map((one) => one.order)]), [
      ["video/webm", [50, 0], [1, 2, 3]], ["video/webm", [60, 0], [0]],
    ]);
    same((await store.form(SHOW, 1, 100))?.recording, 60);
  }),
  clause("livestreams do not know each other", async (store) => {
    await fill(store, 50, 1);
    await store.begin("other", "video/mp4", 70);
    await store.wipe("other");
    same((await store.waiting(SHOW)).pieces, 1);
    await store.wipe(SHOW);
    same([(await store.waiting(SHOW)).pieces, (await store.unsent(SHOW)).length], [0, 0]);
  }),
  clause("what nobody touched for long is forgotten", async (store) => {
    await fill(store, 50, 1);
    await store.touch("other", true, 90);
    await store.tidy(80);
    same([(await store.waiting(SHOW)).pieces, (await store.life("other")).onAir], [0, true]);
  }),
];

function clause(name: string, run: Clause["run"]): Clause {
  return { name, run };
}

async function fill(store: Store, recording: number, count: number): Promise<void> {
  await store.begin(SHOW, "video/webm", recording);
  for (let order = 0; order < count; order += 1) same(await store.add(piece(recording, order)), true);
}

function piece(recording: number, order: number): Piece {
  return { livestreamId: SHOW, recording, order, bytes: new Uint8Array([recording, order]), ms: 250 };
}

function same(found: unknown, wanted: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${one} in place of ${other}`);
}
