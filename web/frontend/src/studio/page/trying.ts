// Trying out: what picture and voice are like, the way to the server, a test recording; and the check itself.
import type { Uplink } from "../stage/types.ts";
import { fill } from "./facts.ts";
import type { Picture } from "./picture.ts";
import { reasonsOf, type Server } from "./server.ts";
import type { View } from "./view.ts";

const LOOK_MS = 700;
const TEST_SECONDS = 20;
const SPEAK_MS = 12_000;
const HEARD = 0.05; // of full level: a voice, not the noise of a room
const CHECK_AGAIN_MS = 30_000;

/** The tests of the green room. */
export class Trying {
  private readonly view: View;
  private readonly picture: Picture;
  private readonly server: Server;
  private uplink: Uplink | null = null;
  private checking = false;
  private checked = false;
  private test: AbortController | null = null;

  constructor(view: View, picture: Picture, server: Server) {
    this.view = view;
    this.picture = picture;
    this.server = server;
    view.on("uplink", () => void this.measure());
    view.on("test", () => void this.record());
    view.on("check", () => void this.check());
    setInterval(() => this.look(), LOOK_MS);
  }

  /** Say what the devices are like now; once all is well, the check is sent by itself. */
  private look(): void {
    const { view, picture } = this;
    if (!picture.isOpen || view.root.dataset["face"] !== "green") return;
    const { findings } = picture;
    view.write("finding-picture", findings.picture);
    view.write("finding-voice", findings.voice);
    const test = view.button("test");
    if (test) test.disabled = typeof MediaRecorder === "undefined";
    if (!this.checked && !this.checking && picture.isGood && this.uplink && this.uplink.verdict !== "failed")
      void this.send();
  }

  private async measure(): Promise<boolean> {
    const { view } = this;
    const button = view.button("uplink");
    if (button) button.disabled = true;
    view.write("finding-uplink", view.word("uplink_testing"));
    this.uplink = await this.picture.testUplink();
    view.write("finding-uplink", this.uplink.words);
    if (button) button.disabled = false;
    return this.uplink.verdict !== "failed";
  }

  /** Do everything that the check needs, one after the other, and say what is missing. */
  private async check(): Promise<void> {
    const { view, picture } = this;
    view.forgive();
    if (!picture.isOpen && !(await picture.open())) return view.refuse(view.word("refused"), [view.word("check_open")]);
    if (!this.uplink || this.uplink.verdict === "failed") await this.measure();
    if (!(await this.heard())) return view.refuse(view.word("refused"), [view.word("check_speak")]);
    this.checked = false;
    await this.send();
  }

  /** Wait a while for a voice. */
  private async heard(): Promise<boolean> {
    const until = Date.now() + SPEAK_MS;
    while (this.picture.loudest < HEARD && Date.now() < until) {
      this.view.write("finding-voice", this.view.word("check_speak"));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return this.picture.loudest >= HEARD;
  }

  private async send(): Promise<void> {
    const { view } = this;
    this.checking = true;
    const answer = await this.server.post(`${view.facts.api}/readiness/device-check`, this.report());
    this.checked = answer.ok;
    if (answer.ok) {
      view.say(view.word("check_done"));
      view.root.dispatchEvent(new Event("stale"));
    } else if (answer.status === 403) this.checked = true; // an editor tries; the check is the host's
    else if (answer.status >= 400 && answer.status < 500) view.refuse(view.word("refused"), reasonsOf(answer, view.word("check_failed")));
    else view.say(view.word("check_failed"));
    setTimeout(() => (this.checking = false), answer.ok ? 0 : CHECK_AGAIN_MS);
  }

  private report(): Record<string, unknown> {
    const { width, height } = this.picture.size;
    return {
      picture: true,
      sound: this.picture.loudest >= HEARD,
      width,
      height,
      loudest: Math.min(1, Math.round(this.picture.loudest * 1000) / 1000),
      upload_kbit_s: Math.round(this.uplink?.kbits ?? 0),
    };
  }

  /** Record for a while and play it back; pressed again, it stops sooner. */
  private async record(): Promise<void> {
    if (this.test) return this.test.abort();
    const { view } = this;
    const video = view.part<HTMLVideoElement>("played");
    let left = TEST_SECONDS;
    const count = () => view.write("finding-test", fill(view.word("test_going"), { left: left-- }));
    count();
    const timer = setInterval(count, 1000);
    view.label("test", view.word("test_stop"));
    try {
      this.test = new AbortController();
      const blob = await this.picture.stage.record(TEST_SECONDS, this.test.signal);
      if (video) this.play(video, blob);
    } catch {
      view.write("finding-test", view.word("test_failed"));
    }
    clearInterval(timer);
    this.test = null;
    view.label("test", view.word("test_start"));
  }

  private play(video: HTMLVideoElement, blob: Blob): void {
    URL.revokeObjectURL(video.src);
    video.src = URL.createObjectURL(blob);
    video.hidden = false;
    video.focus();
    this.view.write("finding-test", this.view.word("test_done"));
  }
}
