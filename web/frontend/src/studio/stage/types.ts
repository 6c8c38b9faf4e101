// What the stage is spoken to with. The page knows these names; nothing here does anything.

/** What fills the picture. The inset layouts show the camera in a corner of screen or slides. */
export type Layout = "camera" | "screen" | "screen_camera" | "slides" | "slides_camera";

/** Where the camera stands in an inset layout. */
export type Corner = "top_left" | "top_right" | "bottom_left" | "bottom_right";

export type DeviceKind = "camera" | "microphone";

/** A camera or microphone; `label` is empty until permission was given. */
export interface Device {
  kind: DeviceKind;
  id: string;
  label: string;
  /** Whether its picture or sound is in use now. */
  used: boolean;
}

/** Ids of devices as {@link Device} names them; what is left out is chosen as last time. */
export interface Choice {
  camera?: string;
  microphone?: string;
}

/** Why something could not be had. `StageWords.troubles` has a sentence with the remedy for each. */
export type TroubleCode =
  | "insecure" // the page did not come over https: browsers hide all devices
  | "unsupported" // this browser cannot do it at all
  | "refused" // the person or the browser's settings said no
  | "refused_by_system" // the operating system keeps the browser from its devices
  | "none_found" // there is no such device
  | "in_use" // another program holds it, or its driver failed
  | "gone" // the device that was chosen is not there
  | "share_refused" // no screen was chosen
  | "share_failed"
  | "pdf_damaged"
  | "pdf_locked" // needs a password
  | "pdf_too_big" // too many bytes or pages
  | "pdf_empty"
  | "failed"; // anything else

/** Translated sentences; `streams/studio/stage_words.py` makes them for the page. */
export interface StageWords {
  /** On the card for viewers: `off` while the camera is off on purpose, `lost` while it is away. */
  card: { off: string; lost: string };
  troubles: Record<TroubleCode, string>;
  /** What a picture or voice is like; shown in the list of readiness. */
  findings: Record<Finding, string>;
  uplink: Record<UplinkVerdict, string>;
}

/** A refusal of a device, of sharing or of slides, with the remedy in `message`. */
export class Trouble extends Error {
  readonly code: TroubleCode;
  /** What it is about: a device, the screen or the slides. */
  readonly about: DeviceKind | "screen" | "slides";

  constructor(code: TroubleCode, about: Trouble["about"], words: string) {
    super(words);
    this.code = code;
    this.about = about;
  }
}

/** How a voice is heard, judged over the last seconds. */
export type VoiceState = "off" | "waiting" | "silent" | "quiet" | "clear" | "clipping";
/** How a camera's picture is. */
export type PictureState = "off" | "waiting" | "lost" | "dark" | "clear";
/** Keys of {@link StageWords.findings}: `voice_clear`, `picture_dark` … */
export type Finding = `voice_${VoiceState}` | `picture_${PictureState}`;

export type UplinkVerdict = "good" | "tight" | "poor" | "failed";

/** What a network test found; `kbits` is kilobits per second upwards, 0 when it failed. */
export interface Uplink {
  kbits: number;
  verdict: UplinkVerdict;
  /** A sentence with the figure in it. */
  words: string;
}

/** What stands on the card that viewers see instead of a camera. */
export interface CardText {
  title: string;
  host: string;
}

export interface StageOptions {
  card: CardText;
  words: StageWords;
  /** `asset_url` of `pdf.js` and `pdf_worker.js`. They are fetched with the first slides. */
  pdf: { script: string; worker: string };
}

/** Facts of a device check as `POST …/readiness/device-check` takes them. */
export interface DeviceFacts {
  /** As "1280x720@30"; empty without a camera. */
  camera: string;
  /** The loudest second that was heard, 0 to 1. */
  microphone_level: number;
  uplink_kbits: number;
  browser: string;
}

/** Detail of the events `device-lost` and `device-back`. */
export interface DeviceNews {
  kind: DeviceKind;
  /** What is used in its place: another microphone, never another camera by itself. */
  instead: Device | null;
  /** Another device that could be used: `stage.open({camera: offered.id})` takes it. */
  offered: Device | null;
}
