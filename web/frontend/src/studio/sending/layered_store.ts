// The disk as long as it takes what is recorded, then memory: the livestream goes on.
import type { Amount, Chunk, Head, Life, Piece, Store } from "./store.ts";

export class LayeredStore implements Store {
  /** Why pieces go to memory; null while they go to the disk. */
  fault: unknown = null;
  private readonly disk: Store;
  private readonly memory: Store;
  private readonly onFault: () => void;
  private dead = false; // the disk does not even read any more

  constructor(disk: Store, memory: Store, onFault: () => void = () => undefined) {
    this.disk = disk;
    this.memory = memory;
    this.onFault = onFault;
  }

  async life(livestreamId: string): Promise<Life> {
    const held = await this.memory.life(livestreamId);
    const kept = await this.onDisk((disk) => disk.life(livestreamId), held);
    return kept.formed >= held.formed ? kept : held;
  }

  async touch(livestreamId: string, onAir: boolean, now: number): Promise<void> {
    await this.memory.touch(livestreamId, onAir, now);
    await this.onDisk((disk) => disk.touch(livestreamId, onAir, now), undefined);
  }

  async begin(livestreamId: string, type: string, now: number): Promise<number> {
    if (!this.fault) {
      try {
        return await this.disk.begin(livestreamId, type, now);
      } catch (fault) {
        this.fall(fault);
      }
    }
    return this.memory.begin(livestreamId, type, now);
  }

  /** Once a piece went to memory, the later ones do, too: what is on the disk comes first. */
  async add(piece: Piece): Promise<boolean> {
    if (!this.fault) {
      try {
        return await this.disk.add(piece);
      } catch (fault) {
        this.fall(fault);
      }
    }
    return this.memory.add(piece);
  }

  async seal(livestreamId: string): Promise<void> {
    await this.memory.seal(livestreamId);
    await this.onDisk((disk) => disk.seal(livestreamId), undefined);
  }

  async form(livestreamId: string, number: number, mostBytes: number, keep = true): Promise<Chunk | null> {
    const inMemory = (): Promise<Chunk | null> => this.memory.form(livestreamId, number, mostBytes, keep);
    if ((await this.memory.numbers(livestreamId)).includes(number)) return inMemory();
    const kept = await this.onDisk((disk) => disk.form(livestreamId, number, mostBytes, keep), null, false);
    if (kept) return kept;
    const taken = this.fault
      ? await this.onDisk((disk) => disk.form(livestreamId, number, mostBytes, false), null)
      : null; // a full disk still lets go of what it has
    if (!taken) return inMemory();
    if (keep) await this.memory.put(taken);
    return taken;
  }

  async put(chunk: Chunk): Promise<void> {
    await this.memory.put(chunk);
  }

  async numbers(livestreamId: string): Promise<number[]> {
    const kept = await this.onDisk((disk) => disk.numbers(livestreamId), []);
    return [...kept, ...await this.memory.numbers(livestreamId)].sort((a, b) => a - b);
  }

  async settle(livestreamId: string, next: number, durableThrough: number): Promise<void> {
    await this.memory.settle(livestreamId, next, durableThrough);
    await this.onDisk((disk) => disk.settle(livestreamId, next, durableThrough), undefined);
  }

  async bury(livestreamId: string, recording: number): Promise<Amount> {
    const nothing = { pieces: 0, bytes: 0, ms: 0 };
    const [one, other] = [
      await this.onDisk((disk) => disk.bury(livestreamId, recording), nothing),
      await this.memory.bury(livestreamId, recording),
    ];
    return { pieces: one.pieces + other.pieces, bytes: one.bytes + other.bytes, ms: one.ms + other.ms };
  }

  async waiting(livestreamId: string): Promise<Amount> {
    const nothing = { pieces: 0, bytes: 0, ms: 0 };
    const one = await this.onDisk((disk) => disk.waiting(livestreamId), nothing);
    const other = await this.memory.waiting(livestreamId);
    return { pieces: one.pieces + other.pieces, bytes: one.bytes + other.bytes, ms: one.ms + other.ms };
  }

  async unsent(livestreamId: string): Promise<{ head: Head; pieces: Piece[] }[]> {
    const kept = await this.onDisk((disk) => disk.unsent(livestreamId), []);
    const held = await this.memory.unsent(livestreamId);
    const joined = kept.map(({ head, pieces }) => {
      const rest = held.find((one) => one.head.recording === head.recording);
      return { head, pieces: [...pieces, ...(rest?.pieces ?? [])] };
    });
    const known = new Set(kept.map((one) => one.head.recording));
    return [...joined, ...held.filter((one) => !known.has(one.head.recording))];
  }

  async wipe(livestreamId: string): Promise<void> {
    await this.memory.wipe(livestreamId);
    await this.onDisk((disk) => disk.wipe(livestreamId), undefined);
  }

  async tidy(before: number): Promise<void> {
    await this.memory.tidy(before);
    await this.onDisk((disk) => disk.tidy(before), undefined);
  }

  /** Ask the disk; where it fails, `otherwise` counts. */
  private async onDisk<T>(ask: (disk: Store) => Promise<T>, otherwise: T, last = true): Promise<T> {
    if (this.dead) return otherwise;
    try {
      return await ask(this.disk);
    } catch (fault) {
      this.fall(fault);
      this.dead = last && !isFull(fault);
      return otherwise;
    }
  }

  private fall(fault: unknown): void {
    if (this.fault) return;
    this.fault = fault;
    this.onFault();
  }
}

function isFull(fault: unknown): boolean {
  return fault instanceof Error && fault.name === "QuotaExceededError";
}
