import type { Sound } from "./sound.ts";
import type { VoiceState } from "./types.ts";
import { judgeVoice, meter, SILENCE_MS, type Heard } from "./voice.ts";

const EVERY_MS = 100;

/** Listens to the voice ten times a second, for the meter and for what to say about it. */
export class Listening {
  /** The length of the meter, 0 to 1. */
  level = 0;
  /** The loudest that was heard since the page was opened, 0 to 1. */
  loudest = 0;
  private readonly sound: Sound;
  private heard: Heard[] = [];
  private last = 0;

  constructor(sound: Sound) {
    this.sound = sound;
  }

  /** Listen, if it is time; tell whether it was. */
  listen(): boolean {
    const at = performance.now();
    if (at - this.last < EVERY_MS) return false;
    this.last = at;
    const { peak, rms } = this.sound.measure();
    this.heard = [...this.heard.filter((one) => at - one.at <= SILENCE_MS), { peak, rms, at }];
    this.level = meter(rms);
    this.loudest = Math.max(this.loudest, Math.round(rms * 1000) / 1000);
    return true;
  }

  /** Judge the last ten seconds; `on` is whether there should be a voice. */
  judge(on: boolean): VoiceState {
    return judgeVoice(this.heard, performance.now(), on);
  }

  /** Begin anew: another microphone, or it was off. */
  forget(): void {
    this.heard = [];
  }
}
