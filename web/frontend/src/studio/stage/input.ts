import { keepChoice, match, recallChoices, type Remembered } from "./choices.ts";
import { isGranted, listDevices, openDevice } from "./devices.ts";
import type { Device, DeviceKind, DeviceNews } from "./types.ts";

/** What became of a device; the stage tells the page. */
export type Tell = (event: "change" | "device-lost" | "device-back", news: DeviceNews) => void;

/** Why a track is used: the person picked it, nobody did, it came back, or it stands in for another. */
export type Reason = "chosen" | "first" | "again" | "instead";

const MUTED_MS = 1500; // a lid that closes mutes the camera; some cameras do so for a moment at start
const AGAIN_MS = 3000; // not every system tells when a device is back

/** One camera or microphone: opened, lost, and taken again when it comes back. */
export class Input {
  readonly kind: DeviceKind;
  track: MediaStreamTrack | null = null;
  /** Whether the person wants it. */
  wanted = false;
  private readonly tell: Tell;
  /** What is taken again when it comes back; a stand-in does not change it. */
  private meant: Remembered | null = null;
  private mutedSince = 0;
  private opening: Promise<void> | null = null;
  private retry = 0;

  constructor(kind: DeviceKind, tell: Tell) {
    this.kind = kind;
    this.tell = tell;
  }

  /** Whether it is wanted and gives nothing. */
  get lost(): boolean {
    if (!this.wanted) return false;
    return !this.track || (this.track.muted && performance.now() - this.mutedSince > MUTED_MS);
  }

  /** The id of what is in use, empty for nothing. */
  get id(): string {
    return this.track?.getSettings().deviceId ?? "";
  }

  /** Return the id to begin with: what was chosen last time, if it is there. */
  async preferred(): Promise<string> {
    const devices = await this.list();
    return match(recallChoices()[this.kind], devices) ?? "";
  }

  /** Use a track that was opened. */
  adopt(track: MediaStreamTrack, reason: Reason): void {
    this.drop();
    this.track = track;
    this.wanted = true;
    track.onended = () => void this.lose();
    track.onmute = () => { this.mutedSince = performance.now(); };
    track.onunmute = () => this.tell("change", this.news());
    if (reason !== "instead") this.meant = { id: this.id, label: track.label };
    if (reason === "chosen" && this.meant) keepChoice(this.kind, this.meant);
    this.tell("change", this.news());
  }

  /** Open a device by its id and remember it; throws what the browser throws. */
  async open(id = ""): Promise<void> {
    this.wanted = true;
    this.adopt(await openDevice(this.kind, id || (await this.preferred())), id ? "chosen" : "first");
  }

  /** Let the device go: its light goes out. */
  close(): void {
    this.wanted = false;
    this.drop();
    this.tell("change", this.news());
  }

  /** Look whether what was lost is back; called when devices come and go. */
  async look(): Promise<void> {
    if (!this.wanted) return;
    if (this.track?.readyState === "ended") await this.lose();
    const back = match(this.meant ?? undefined, await this.list());
    if (this.track ? back && back !== this.id : back || !this.meant) await this.takeAgain(back ?? "");
    this.waitForIt();
  }

  /** While there is nothing, look again every few seconds. */
  waitForIt(): void {
    clearTimeout(this.retry);
    if (this.wanted && !this.track) this.retry = window.setTimeout(() => void this.look(), AGAIN_MS);
  }

  private async lose(): Promise<void> {
    const gone = this.track;
    this.drop();
    const others = (await this.list()).filter((one) => one.label !== gone?.label && one.id !== "default");
    const offered = others[0] ?? null;
    if (this.kind === "microphone" && offered) await this.tryOpen(offered.id, "instead");
    this.tell("device-lost", { kind: this.kind, instead: this.current(), offered });
    this.waitForIt();
  }

  /** Take what came back; nobody is asked for permission for it. */
  private async takeAgain(id: string): Promise<void> {
    if ((await isGranted(this.kind)) === false) return;
    this.opening ??= this.tryOpen(id, "again").finally(() => { this.opening = null; });
    await this.opening;
  }

  private async tryOpen(id: string, reason: Reason): Promise<void> {
    try {
      const track = await openDevice(this.kind, id);
      if (!this.wanted) return track.stop();
      this.adopt(track, reason);
      if (reason === "again") this.tell("device-back", this.news());
    } catch {
      // it is tried again
    }
  }

  private drop(): void {
    clearTimeout(this.retry);
    if (!this.track) return;
    this.track.onended = this.track.onmute = this.track.onunmute = null;
    this.track.stop();
    this.track = null;
  }

  private async list(): Promise<Device[]> {
    return (await listDevices([this.id])).filter((one) => one.kind === this.kind);
  }

  private current(): Device | null {
    return this.track && { kind: this.kind, id: this.id, label: this.track.label, used: true };
  }

  private news(): DeviceNews {
    return { kind: this.kind, instead: this.current(), offered: null };
  }
}
