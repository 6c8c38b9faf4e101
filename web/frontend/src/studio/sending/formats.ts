// Which format the browser records, and at which rates.

/** Best first: the server copies H.264; of what it must encode, VP8 is the cheapest to decode. */
const FORMATS = [
  "video/webm;codecs=avc1,opus",
  "video/webm;codecs=h264,opus",
  "video/x-matroska;codecs=avc1,opus",
  "video/webm;codecs=vp8,opus",
  "video/webm;codecs=vp9,opus",
  "video/webm",
  "video/mp4;codecs=avc1.42E01F,mp4a.40.2", // Safari
  "video/mp4",
];

/** Bits per second. */
export interface Rate { picture: number; sound: number }

/** From what a talk with slides looks good at, down to what a telephone's uplink carries. */
export const RATES: readonly Rate[] = [
  { picture: 2_500_000, sound: 96_000 },
  { picture: 1_200_000, sound: 96_000 },
  { picture: 600_000, sound: 64_000 },
  { picture: 300_000, sound: 48_000 },
];

const ROOM = 0.7; // of the measured rate: the backlog has to be caught up, too

/** Return what this browser can record, the best first. */
export function formatsOf(isSupported: (type: string) => boolean): string[] {
  return FORMATS.filter(isSupported);
}

/** Return the best rate below `now` that `bitsPerSecond` carries, or the lowest; null: it is that. */
export function lowerRate(now: Rate, bitsPerSecond: number): Rate | null {
  const below = RATES.filter((rate) => rate.picture < now.picture);
  const fits = below.find((rate) => rate.picture + rate.sound <= bitsPerSecond * ROOM);
  return fits ?? below.at(-1) ?? null;
}

/** The settings of a recorder. Keyframes every second let the server cut segments without encoding. */
export function optionsOf(type: string, rate: Rate): MediaRecorderOptions {
  const options: MediaRecorderOptions & { videoKeyFrameIntervalDuration: number } = {
    mimeType: type,
    videoBitsPerSecond: rate.picture,
    audioBitsPerSecond: rate.sound,
    videoKeyFrameIntervalDuration: 1000,
  };
  return options;
}
