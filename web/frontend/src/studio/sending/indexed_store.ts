// Keeps what was recorded in the browser's database: a reload or a crash loses nothing of it.
import { each, result, step } from "./database.ts";
import type { Table } from "./database.ts";
import { amountOf, asPiece, joined, sorted, UNKNOWN } from "./store.ts";
import type { Amount, Chunk, Head, Life, Piece, Store } from "./store.ts";

type Tables = (name: Table) => IDBObjectStore;
interface Taken extends Head { sealed: boolean }

const LAST: IDBValidKey = []; // in keys, arrays come after every number and string

export class IndexedStore implements Store {
  private readonly database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.database = database;
  }

  life(livestreamId: string): Promise<Life> {
    return this.read((table) => lifeOf(table, livestreamId));
  }

  touch(livestreamId: string, onAir: boolean, now: number): Promise<void> {
    return this.write((table) => change(table, livestreamId, () => ({ onAir, touchedAt: now })));
  }

  begin(livestreamId: string, type: string, now: number): Promise<number> {
    return this.write(async (table) => {
      const newest = await result(table("recordings").openKeyCursor(null, "prev"));
      const recording = Math.max(now, Number(newest?.key ?? 0) + 1);
      table("recordings").add({ livestreamId, recording, type, bytes: null, sealed: false } satisfies Taken);
      await change(table, livestreamId, () => ({ touchedAt: now }));
      return recording;
    });
  }

  add(piece: Piece): Promise<boolean> {
    return this.write(async (table) => {
      const taken = await result<Taken | undefined>(table("recordings").get(piece.recording));
      if (taken?.sealed) return false;
      if (taken && piece.order === 0) table("recordings").put({ ...taken, bytes: piece.bytes });
      table("pieces").add(piece);
      return true;
    });
  }

  seal(livestreamId: string): Promise<void> {
    return this.write(async (table) => {
      for (const one of await recordingsOf(table, livestreamId)) table("recordings").put({ ...one, sealed: true });
    });
  }

  form(livestreamId: string, number: number, mostBytes: number, keep = true): Promise<Chunk | null> {
    return this.write(async (table) => {
      const there = await result<Chunk | undefined>(table("chunks").get([livestreamId, number]));
      if (there) return there;
      const life = await lifeOf(table, livestreamId);
      const [first, ...rest] = await nextPieces(table, life, mostBytes);
      if (!first) return null;
      const chunk = joined([first, ...rest], number), last = rest.at(-1) ?? first;
      table("pieces").delete(IDBKeyRange.bound(placeOf(first), placeOf(last)));
      if (keep) table("chunks").add(chunk);
      table("lives").put({ ...life, floor: chunk.recording, formed: number } satisfies Life);
      return chunk;
    });
  }

  put(chunk: Chunk): Promise<void> {
    return this.write(async (table) => {
      table("chunks").put(chunk);
      await change(table, chunk.livestreamId, () => ({ floor: chunk.recording, formed: chunk.number }));
    });
  }

  numbers(livestreamId: string): Promise<number[]> {
    return this.read(async (table) => {
      const keys = await result(table("chunks").getAllKeys(from(livestreamId)));
      return keys.map((key) => Number((key as [string, number])[1]));
    });
  }

  settle(livestreamId: string, next: number, durableThrough: number): Promise<void> {
    return this.write(async (table) => {
      const last = Math.min(durableThrough, next - 1);
      if (last >= 0) table("chunks").delete(IDBKeyRange.bound([livestreamId, 0], [livestreamId, last]));
      await change(table, livestreamId, () => ({ next }));
    });
  }

  bury(livestreamId: string, recording: number): Promise<Amount> {
    return this.write(async (table) => {
      const life = await lifeOf(table, livestreamId), dead: Chunk[] = [], pieces: Piece[] = [];
      await each<Chunk>(table("chunks").openCursor(from(livestreamId, life.next)), (chunk, cursor) => {
        if (chunk.recording > recording) return true;
        dead.push(chunk);
        cursor.delete();
        return true;
      });
      await each<Piece>(table("pieces").openCursor(from(livestreamId, life.floor)), (piece) => {
        if (piece.recording <= recording) pieces.push(piece);
        return piece.recording <= recording;
      });
      for (const chunk of dead) table("pieces").put(asPiece(chunk));
      table("lives").put({ ...life, floor: Math.max(life.floor, recording + 1), formed: life.next - 1 } satisfies Life);
      return amountOf([...dead, ...pieces]);
    });
  }

  waiting(livestreamId: string): Promise<Amount> {
    return this.read(async (table) => {
      const life = await lifeOf(table, livestreamId), amount = amountOf([]);
      const count = (one: Piece): boolean => {
        amount.pieces += 1;
        amount.bytes += one.bytes.length;
        amount.ms += one.ms;
        return true;
      };
      await each(table("chunks").openCursor(from(livestreamId, life.next)), count);
      await each(table("pieces").openCursor(from(livestreamId, life.floor)), count);
      return amount;
    });
  }

  unsent(livestreamId: string): Promise<{ head: Head; pieces: Piece[] }[]> {
    return this.read(async (table) => {
      const life = await lifeOf(table, livestreamId);
      const chunks = await result<Chunk[]>(table("chunks").getAll(from(livestreamId, life.next)));
      const pieces = await result<Piece[]>(table("pieces").getAll(from(livestreamId)));
      return sorted([...chunks.map(asPiece), ...pieces], await recordingsOf(table, livestreamId));
    });
  }

  wipe(livestreamId: string): Promise<void> {
    return this.write(async (table) => {
      for (const one of await recordingsOf(table, livestreamId)) table("recordings").delete(one.recording);
      for (const name of ["pieces", "chunks"] as const) table(name).delete(from(livestreamId));
      table("lives").delete(livestreamId);
    });
  }

  async tidy(before: number): Promise<void> {
    const lives = await this.read((table) => result<Life[]>(table("lives").getAll()));
    for (const life of lives) if (life.touchedAt < before) await this.wipe(life.livestreamId);
  }

  private read<T>(work: (table: Tables) => Promise<T>): Promise<T> {
    return step(this.database, "readonly", work);
  }

  private write<T>(work: (table: Tables) => Promise<T>): Promise<T> {
    return step(this.database, "readwrite", work);
  }
}

async function lifeOf(table: Tables, livestreamId: string): Promise<Life> {
  const found = await result<Life | undefined>(table("lives").get(livestreamId));
  return found ?? { livestreamId, ...UNKNOWN };
}

async function change(table: Tables, livestreamId: string, what: () => Partial<Life>): Promise<void> {
  table("lives").put({ ...(await lifeOf(table, livestreamId)), ...what() });
}

function recordingsOf(table: Tables, livestreamId: string): Promise<Taken[]> {
  return result<Taken[]>(table("recordings").index("livestream").getAll(livestreamId));
}

/** Everything of a livestream from a number on: of a recording, or of a chunk. */
function from(livestreamId: string, number = -1): IDBKeyRange {
  return IDBKeyRange.bound([livestreamId, number], [livestreamId, LAST]);
}

function placeOf(piece: Piece): IDBValidKey {
  return [piece.livestreamId, piece.recording, piece.order];
}

async function nextPieces(table: Tables, life: Life, mostBytes: number): Promise<Piece[]> {
  const found: Piece[] = [];
  let size = 0;
  await each<Piece>(table("pieces").openCursor(from(life.livestreamId, life.floor)), (piece) => {
    const fits = !found.length || (piece.recording === found[0]?.recording && size + piece.bytes.length <= mostBytes);
    if (fits) found.push(piece);
    size += piece.bytes.length;
    return fits && size < mostBytes;
  });
  return found;
}
