// Keeps what was recorded in memory: where the browser keeps nothing on its disk, and in tests.
import { amountOf, asPiece, group, joined, sorted, UNKNOWN } from "./store.ts";
import type { Amount, Chunk, Head, Life, Piece, Store } from "./store.ts";

const MOST_ARRIVED = 64 * 1024 * 1024; // bytes

interface Taken extends Head { sealed: boolean }

export class MemoryStore implements Store {
  private lives: Life[] = [];
  private recordings: Taken[] = [];
  private pieces: Piece[] = [];
  private chunks: Chunk[] = [];
  private readonly mostArrived: number;

  /** `mostArrived`: bytes that are kept of what has arrived, but is not durable yet. */
  constructor(mostArrived = MOST_ARRIVED) {
    this.mostArrived = mostArrived;
  }

  async life(livestreamId: string): Promise<Life> {
    return { ...this.known(livestreamId) };
  }

  async touch(livestreamId: string, onAir: boolean, now: number): Promise<void> {
    Object.assign(this.known(livestreamId), { onAir, touchedAt: now });
  }

  async begin(livestreamId: string, type: string, now: number): Promise<number> {
    const newest = Math.max(0, ...this.recordings.map((one) => one.recording));
    const recording = Math.max(now, newest + 1);
    this.recordings.push({ livestreamId, recording, type, bytes: null, sealed: false });
    this.known(livestreamId).touchedAt = now;
    return recording;
  }

  async add(piece: Piece): Promise<boolean> {
    const taken = this.recordings.find((one) => one.recording === piece.recording);
    if (taken?.sealed) return false;
    if (taken && piece.order === 0) taken.bytes = piece.bytes;
    this.pieces.push(piece);
    return true;
  }

  async seal(livestreamId: string): Promise<void> {
    for (const one of this.recordings) one.sealed ||= one.livestreamId === livestreamId;
  }

  async form(livestreamId: string, number: number, mostBytes: number, keep = true): Promise<Chunk | null> {
    const there = this.chunksOf(livestreamId).find((one) => one.number === number);
    if (there) return there;
    const life = this.known(livestreamId);
    const [first, ...rest] = group(this.waitingPieces(life), mostBytes);
    if (!first) return null;
    const chunk = joined([first, ...rest], number), gone = new Set([first, ...rest]);
    this.pieces = this.pieces.filter((piece) => !gone.has(piece));
    if (keep) this.chunks.push(chunk);
    Object.assign(life, { floor: chunk.recording, formed: number });
    return chunk;
  }

  async put(chunk: Chunk): Promise<void> {
    this.chunks.push(chunk);
    Object.assign(this.known(chunk.livestreamId), { floor: chunk.recording, formed: chunk.number });
  }

  async numbers(livestreamId: string): Promise<number[]> {
    return this.chunksOf(livestreamId).map((one) => one.number).sort((a, b) => a - b);
  }

  async settle(livestreamId: string, next: number, durableThrough: number): Promise<void> {
    this.known(livestreamId).next = next;
    this.drop((one) => one.number <= durableThrough && one.number < next, livestreamId);
    this.spare(livestreamId, next);
  }

  async bury(livestreamId: string, recording: number): Promise<Amount> {
    const life = this.known(livestreamId);
    const dead = this.chunksOf(livestreamId).filter((one) => one.number >= life.next && one.recording <= recording);
    const pieces = this.waitingPieces(life).filter((one) => one.recording <= recording);
    this.drop((one) => dead.includes(one), livestreamId);
    this.pieces.push(...dead.map(asPiece));
    Object.assign(life, { floor: Math.max(life.floor, recording + 1), formed: life.next - 1 });
    return amountOf([...dead, ...pieces]);
  }

  async waiting(livestreamId: string): Promise<Amount> {
    const life = this.known(livestreamId);
    const chunks = this.chunksOf(livestreamId).filter((one) => one.number >= life.next);
    return amountOf([...chunks, ...this.waitingPieces(life)]);
  }

  async unsent(livestreamId: string): Promise<{ head: Head; pieces: Piece[] }[]> {
    const life = this.known(livestreamId);
    const chunks = this.chunksOf(livestreamId).filter((one) => one.number >= life.next);
    const pieces = this.pieces.filter((one) => one.livestreamId === livestreamId);
    return sorted([...chunks.map(asPiece), ...pieces], this.recordings);
  }

  async wipe(livestreamId: string): Promise<void> {
    const other = (one: { livestreamId: string }): boolean => one.livestreamId !== livestreamId;
    this.lives = this.lives.filter(other);
    this.recordings = this.recordings.filter(other);
    this.pieces = this.pieces.filter(other);
    this.chunks = this.chunks.filter(other);
  }

  async tidy(before: number): Promise<void> {
    const old = this.lives.filter((life) => life.touchedAt < before);
    for (const life of old) await this.wipe(life.livestreamId);
  }

  private known(livestreamId: string): Life {
    const found = this.lives.find((life) => life.livestreamId === livestreamId);
    const life = found ?? { livestreamId, ...UNKNOWN };
    if (!found) this.lives.push(life);
    return life;
  }

  private waitingPieces(life: Life): Piece[] {
    return this.pieces
      .filter((one) => one.livestreamId === life.livestreamId && one.recording >= life.floor)
      .sort((a, b) => a.recording - b.recording || a.order - b.order);
  }

  private chunksOf(livestreamId: string): Chunk[] {
    return this.chunks.filter((one) => one.livestreamId === livestreamId);
  }

  /** Forget the oldest that the server has on its disk: a tab without memory would lose everything. */
  private spare(livestreamId: string, next: number): void {
    const arrived = this.chunksOf(livestreamId).filter((one) => one.number < next);
    let size = amountOf(arrived).bytes;
    const gone = new Set<Chunk>();
    for (const chunk of arrived) {
      if (size <= this.mostArrived) break;
      gone.add(chunk);
      size -= chunk.bytes.length;
    }
    this.drop((one) => gone.has(one), livestreamId);
  }

  private drop(gone: (one: Chunk) => boolean, livestreamId: string): void {
    this.chunks = this.chunks.filter((one) => one.livestreamId !== livestreamId || !gone(one));
  }
}
