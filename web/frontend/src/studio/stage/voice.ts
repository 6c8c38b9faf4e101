// What a voice is like, from its level ten times a second. Pure.
import type { VoiceState } from "./types.ts";

/** One look at the sound: both 0 to 1, `at` in milliseconds. */
export interface Heard {
  peak: number;
  rms: number;
  at: number;
}

export const SILENCE_MS = 10_000;
const CLIPPING_MS = 5_000;
const QUIET_AFTER_MS = 4_000;
const SILENT_BELOW = 0.003; // -50 dB: a room without a voice
const QUIET_BELOW = 0.02; // -34 dB: a voice two metres from the microphone
const CLIPPED = 0.985;
const CLIPPED_LOOKS = 3; // once may be a cough

/** Judge the last ten seconds; `heard` is in order of time. */
export function judgeVoice(heard: readonly Heard[], now: number, on: boolean): VoiceState {
  if (!on) return "off";
  const recent = heard.filter((one) => now - one.at <= SILENCE_MS);
  const loudest = Math.max(0, ...recent.map((one) => one.rms));
  const clipped = recent.filter((one) => one.peak >= CLIPPED && now - one.at <= CLIPPING_MS);
  if (clipped.length >= CLIPPED_LOOKS) return "clipping";
  if (loudest >= QUIET_BELOW) return "clear";
  const span = now - (recent[0]?.at ?? now);
  if (loudest >= SILENT_BELOW) return span >= QUIET_AFTER_MS ? "quiet" : "waiting";
  return span >= SILENCE_MS * 0.95 ? "silent" : "waiting";
}

/** Return peak and mean of a block of samples between -1 and 1. */
export function measure(samples: Float32Array): { peak: number; rms: number } {
  let peak = 0;
  let sum = 0;
  for (const one of samples) {
    peak = Math.max(peak, Math.abs(one));
    sum += one * one;
  }
  return { peak, rms: samples.length ? Math.sqrt(sum / samples.length) : 0 };
}

/** Return the length of a meter, 0 to 1, for a mean level: -60 dB is its beginning, -6 dB its end. */
export function meter(rms: number): number {
  if (rms <= 0) return 0;
  const decibels = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (decibels + 60) / 54));
}
