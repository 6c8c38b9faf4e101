// What keeps recorded pieces and numbered chunks until the server has them.

/** One piece of a recording as the recorder gave it; `order` counts from 0 within the recording. */
export interface Piece {
  livestreamId: string;
  recording: number;
  order: number;
  bytes: Uint8Array;
  ms: number;
}

/** Pieces of one recording under the number they are sent by; `order` is that of the first. */
export interface Chunk extends Piece { number: number }

/** How much of something there is. */
export interface Amount { pieces: number; bytes: number; ms: number }

/** A recording's type and its first piece, without which the rest of it cannot be played. */
export interface Head { livestreamId: string; recording: number; type: string; bytes: Uint8Array | null }

/** What is known of one livestream. */
export interface Life {
  livestreamId: string;
  /** The server wants this number; chunks below it have arrived. */
  next: number;
  /** The last number that was given to a chunk; -1: none. */
  formed: number;
  /** Recordings before this one are over for the server: nothing of them may be sent any more. */
  floor: number;
  onAir: boolean;
  /** Milliseconds since the epoch. */
  touchedAt: number;
}

export const UNKNOWN: Omit<Life, "livestreamId"> =
  { next: 0, formed: -1, floor: 0, onAir: false, touchedAt: 0 };

/** Every method is one step that happens whole or not at all. */
export interface Store {
  /** Return what is known; a livestream that is new has numbers from 0. */
  life(livestreamId: string): Promise<Life>;
  /** Note whether the host is on air at `now`. */
  touch(livestreamId: string, onAir: boolean, now: number): Promise<void>;
  /** Begin a recording; its number is above all that were before. */
  begin(livestreamId: string, type: string, now: number): Promise<number>;
  /** Keep a piece; false when its recording was sealed meanwhile. */
  add(piece: Piece): Promise<boolean>;
  /** Take no more pieces for the recordings there are: another tab sends them now. */
  seal(livestreamId: string): Promise<void>;
  /** Return the chunk of a number: the one there is, so that a repeat has the same bytes, or the
   *  next pieces of one recording. `keep: false` only takes them out. */
  form(livestreamId: string, number: number, mostBytes: number, keep?: boolean): Promise<Chunk | null>;
  /** Keep a chunk that another store has formed. */
  put(chunk: Chunk): Promise<void>;
  /** Return the numbers of the chunks there are, rising. */
  numbers(livestreamId: string): Promise<number[]>;
  /** Learn what the server wants, and forget what it has for certain. */
  settle(livestreamId: string, next: number, durableThrough: number): Promise<void>;
  /** Give up recordings through this one: their rest stays for a download alone. Return how much. */
  bury(livestreamId: string, recording: number): Promise<Amount>;
  /** Return how much the server does not have yet. */
  waiting(livestreamId: string): Promise<Amount>;
  /** Return what never arrived, recording by recording in order: for a download. */
  unsent(livestreamId: string): Promise<{ head: Head; pieces: Piece[] }[]>;
  /** Forget a livestream. */
  wipe(livestreamId: string): Promise<void>;
  /** Forget the livestreams that nobody touched since `before`. */
  tidy(before: number): Promise<void>;
}

/** Add up pieces. */
export function amountOf(pieces: readonly { bytes: Uint8Array; ms: number }[]): Amount {
  const amount = { pieces: pieces.length, bytes: 0, ms: 0 };
  for (const one of pieces) {
    amount.bytes += one.bytes.length;
    amount.ms += one.ms;
  }
  return amount;
}

/** Return the first pieces of one recording: at most `mostBytes`, but at least one. */
export function group(pieces: readonly Piece[], mostBytes: number): Piece[] {
  const found: Piece[] = [];
  let size = 0;
  for (const piece of pieces) {
    if (piece.recording !== pieces[0]?.recording || (found.length && size + piece.bytes.length > mostBytes)) break;
    found.push(piece);
    size += piece.bytes.length;
  }
  return found;
}

/** Join pieces of one recording, at least one, to the chunk of a number. */
export function joined(pieces: readonly [Piece, ...Piece[]], number: number): Chunk {
  const { bytes: size, ms } = amountOf(pieces);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  const { livestreamId, recording, order } = pieces[0];
  return { livestreamId, recording, order, bytes, ms, number };
}

/** Return a chunk as what it was made of, under its place in the recording. */
export function asPiece(chunk: Chunk): Piece {
  const { livestreamId, recording, order, bytes, ms } = chunk;
  return { livestreamId, recording, order, bytes, ms };
}

/** Put what never arrived in order, recording by recording. */
export function sorted(pieces: readonly Piece[], heads: readonly Head[]): { head: Head; pieces: Piece[] }[] {
  const found = new Map<number, Piece[]>();
  for (const piece of [...pieces].sort((a, b) => a.recording - b.recording || a.order - b.order)) {
    found.set(piece.recording, [...(found.get(piece.recording) ?? []), piece]);
  }
  return [...found].map(([recording, parts]) => ({
    head: heads.find((one) => one.recording === recording)
      ?? { livestreamId: parts[0]?.livestreamId ?? "", recording, type: "", bytes: null },
    pieces: parts,
  }));
}
