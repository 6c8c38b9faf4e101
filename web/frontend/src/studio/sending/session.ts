// Records a stream and brings every byte of it to the server: what the studio's page speaks with.
import { Backlog } from "./figures.ts";
import { lowerRate } from "./formats.ts";
import { filesOf, isResumable, KEPT_MS, leftoverIn, openStore, save } from "./leftovers.ts";
import type { Opened } from "./leftovers.ts";
import { REAL } from "./line.ts";
import type { Surroundings as Clocks } from "./line.ts";
import type { Loss } from "./sender.ts";
import { Turn } from "./turn.ts";
import type { Leftover, Refusal, SendingState } from "./types.ts";
import { build, describe } from "./works.ts";
import type { Mode, Options, Parts, Tally, Works } from "./works.ts";

export type { Leftover, Phase, Refusal, SendingState } from "./types.ts";

const ANSWERED_MS = 10_000;
const LOOK_MS = 1000;
const STOP_PATIENCE_MS = 15_000;
const AGAIN_MS = 60_000; // whoever takes over twice within this wants to have it

/** Dispatches `change` when `state` is another. */
export class Sending extends EventTarget {
  private readonly options: Options;
  private readonly parts: Partial<Parts>;
  private readonly clocks: Clocks;
  private readonly turn: Turn;
  private readonly backlog = new Backlog();
  private readonly tally: Tally = { recordedMs: 0, lostMs: 0, refusal: null };
  private works: Works | null = null;
  private mode: Mode = "idle";
  private shown = "";
  private buried = 0;
  private starting: Promise<boolean> | null = null;
  private beginning = false; // from here on nothing of an earlier recording ends or forgets any more
  private forgotten: Promise<void> = Promise.resolve();
  private lastTakenAt = Number.NEGATIVE_INFINITY;
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(options: Options, parts: Partial<Parts> = {}) {
    super();
    this.options = { ...options };
    this.parts = parts;
    this.clocks = parts.clocks ?? REAL;
    const name = `mindcast-sending-${options.livestreamId}`;
    const locks = parts.locks === undefined ? globalThis.navigator?.locks ?? null : parts.locks;
    this.turn = new Turn(name, () => void this.yieldTo("elsewhere"), locks);
    globalThis.addEventListener?.("online", () => this.works?.sender.line.rouse());
  }

  /** Return what this browser recorded of a livestream and the server does not have yet. */
  static async leftover(livestreamId: string): Promise<Leftover | null> {
    return leftoverIn((await openStore()).store, livestreamId);
  }

  /** Tell whether this browser was on air within the last hours when its page went away. */
  static async resumable(livestreamId: string): Promise<boolean> {
    return isResumable((await openStore()).store, livestreamId, Date.now());
  }

  get state(): SendingState {
    return describe(this.works, this.mode, this.tally);
  }

  /** Record and send; what is left of an earlier life goes first. False: another tab is sending. */
  async start({ steal = false }: { steal?: boolean } = {}): Promise<boolean> {
    // A second call must neither wait for a turn of its own nor seal what the first records.
    const started = await this.starting;
    if (this.mode === "recording" || (started === false && !steal)) return this.mode === "recording";
    this.starting ??= this.startNow(steal).finally(() => { this.starting = null; });
    return this.starting;
  }

  private async startNow(steal: boolean): Promise<boolean> {
    const works = await this.begin("recording", steal);
    works?.recorder.start();
    return works !== null;
  }

  /** Send what an earlier life has left, without recording; returns as `stop` does. */
  async recover(patienceMs = STOP_PATIENCE_MS): Promise<number> {
    if (this.mode !== "recording") await this.begin("recording", false);
    return this.stop(patienceMs);
  }

  /** Record another stream from now on, as a new recording of the same broadcast. */
  use(stream: MediaStream): void {
    this.options.stream = stream;
    this.works?.recorder.renew(undefined, stream);
  }

  /**
   * Stop recording and send the rest. Returns the seconds that still wait after `patienceMs`: 0 means
   * that the server has everything. It goes on sending either way, and can be asked again.
   */
  async stop(patienceMs = STOP_PATIENCE_MS): Promise<number> {
    const works = this.works;
    if (!works) return 0;
    if (this.mode === "recording") this.turnTo("stopping");
    await works.recorder.stop();
    await works.writer.idle();
    const sends = this.mode === "stopping";
    if (sends) await this.flush(works, patienceMs);
    await works.sender.recount();
    if (!sends && works.sender.unsentMs) await this.pause(Math.min(patienceMs, LOOK_MS)); // do not ask in a circle
    this.changed();
    return this.state.unsentSeconds;
  }

  /** Return what never arrived as files; each is a recording of its own. */
  async files(): Promise<File[]> {
    return filesOf((await this.opened()).store, this.options.livestreamId);
  }

  /** Save what never arrived with the browser's downloads. */
  async download(): Promise<void> {
    for (const file of await this.files()) save(file);
  }

  /** End at once and forget everything: this livestream is not to be kept anywhere. */
  async wipe(): Promise<void> {
    const { store } = await this.opened();
    await this.yieldTo("idle");
    await store.wipe(this.options.livestreamId);
    await this.works?.sender.recount();
    this.changed();
  }

  private async opened(): Promise<Opened> {
    return this.works?.opened ?? this.parts.opened ?? openStore();
  }

  /** Take the turn and send what there is; null: another tab has it. */
  private async begin(mode: Mode, steal: boolean): Promise<Works | null> {
    const works = this.works ??= this.built(await this.opened());
    this.beginning = true;
    await this.forgotten;
    if (!(await this.turn.claim(steal))) {
      this.beginning = false;
      this.turnTo("elsewhere");
      return null;
    }
    const { livestreamId } = this.options, { store } = works.opened, now = this.clocks.wall();
    await store.tidy(now - KEPT_MS);
    await store.seal(livestreamId); // a tab that was sending until now adds nothing any more
    await store.touch(livestreamId, true, now);
    await works.sender.recount();
    this.tally.refusal = null;
    this.turnTo(mode);
    this.beginning = false;
    void works.sender.run();
    this.ticking ??= setInterval(() => this.look(), LOOK_MS);
    return works;
  }

  private built(opened: Opened): Works {
    return build(this.options, this.parts, opened, this.clocks, {
      kept: (ms, bytes, kept) => this.kept(ms, bytes, kept),
      changed: () => this.changed(),
      lost: (why, ms, recording) => this.lost(why, ms, recording),
      refused: (refusal) => void this.refuse(refusal),
      finished: () => this.finished(),
    });
  }

  private async flush({ sender, opened }: Works, patienceMs: number): Promise<void> {
    sender.finish();
    const empty = sender.whenEmpty().then(() => this.ended(opened));
    await Promise.race([empty, sender.done, this.pause(patienceMs)]);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => { this.clocks.timer(resolve, ms); });
  }

  /** The server has everything; what is durable is asked for in the background. */
  private async ended({ store }: Opened): Promise<void> {
    if (this.mode !== "stopping" || this.beginning) return;
    await store.touch(this.options.livestreamId, false, this.clocks.wall());
    if (this.mode === "stopping" && !this.beginning) this.turnTo("idle");
  }

  private finished(): void {
    if (this.mode !== "recording" && !this.beginning) this.forgotten = this.forget();
  }

  private async forget(): Promise<void> {
    await this.works?.opened.store.wipe(this.options.livestreamId);
    this.rest();
    this.turn.release();
  }

  private kept(ms: number, bytes: number, kept: boolean): void {
    this.tally.recordedMs += ms;
    if (kept && !this.isBuried()) this.works?.sender.added(ms, bytes);
    else this.tally.lostMs += ms;
    this.works?.sender.line.look();
    this.spare();
    this.changed();
  }

  /**
   * Record at a lower rate when the uplink is too slow for long. Viewers see a smaller picture in time
   * rather than a sharp one minutes late, and the browser keeps no backlog that an end would wait
   * for. It is not raised again: every change begins a new recording, which viewers notice.
   */
  private spare(): void {
    const { sender, recorder } = this.works ?? {};
    if (!sender || !recorder || this.mode !== "recording") return;
    const { away, lastAckAt, meter } = sender.line;
    const answered = !away && lastAckAt !== null && this.clocks.wall() - lastAckAt < ANSWERED_MS;
    if (!this.backlog.note(this.clocks.now(), sender.unsentMs, answered)) return;
    const rate = lowerRate(recorder.rate, meter.bitsPerSecond);
    if (rate) recorder.renew(rate);
  }

  /** Begin a new recording in place of one that cannot go on; unless somebody else insists. */
  private lost(why: Loss, ms: number, recording: number): void {
    this.tally.lostMs += ms;
    this.buried = Math.max(this.buried, recording);
    if (this.mode === "recording" && this.isBuried()) {
      const now = this.clocks.now(), again = why === "replaced" && now - this.lastTakenAt < AGAIN_MS;
      if (why === "replaced") this.lastTakenAt = now;
      if (why === "elsewhere" || again) void this.yieldTo("elsewhere");
      else this.works?.recorder.renew();
    }
    this.changed();
  }

  /** Tell whether what is recorded now cannot go on at the server. */
  private isBuried(): boolean {
    const recording = this.works?.writer.recording ?? 0;
    return recording > 0 && recording <= this.buried;
  }

  private async refuse(refusal: Refusal): Promise<void> {
    this.tally.refusal = refusal;
    await this.yieldTo("refused");
  }

  /** Stop recording and sending; what is recorded stays in the store. */
  private async yieldTo(mode: Mode): Promise<void> {
    this.turnTo(mode);
    this.rest();
    if (this.works) {
      await this.works.recorder.stop();
      await this.works.writer.idle();
      await this.works.sender.close();
    }
    if (this.mode === mode) this.turn.release();
    this.changed();
  }

  private look(): void {
    this.works?.sender.line.look();
    this.works?.recorder.look();
    this.changed();
  }

  private rest(): void {
    clearInterval(this.ticking);
    this.ticking = undefined;
  }

  private turnTo(mode: Mode): void {
    this.mode = mode;
    this.changed();
  }

  private changed(): void {
    const shown = JSON.stringify(this.state);
    if (shown === this.shown) return;
    this.shown = shown;
    this.dispatchEvent(new Event("change"));
  }
}
