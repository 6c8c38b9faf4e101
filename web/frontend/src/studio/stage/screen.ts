import { shareCodeOf } from "./remedies.ts";
import type { TroubleCode } from "./types.ts";

/** What some browsers know of sharing and the standard's types do not yet. */
interface ShareOptions extends DisplayMediaStreamOptions {
  selfBrowserSurface?: "include" | "exclude";
  surfaceSwitching?: "include" | "exclude";
  systemAudio?: "include" | "exclude";
}

/** A screen, window or tab that is shared, with its sound where it is offered. */
export class Screen {
  picture: MediaStreamTrack | null = null;
  sound: MediaStreamTrack | null = null;
  private readonly ended: () => void;

  /** `ended` is called when the person stops sharing in the browser's own bar. */
  constructor(ended: () => void) {
    this.ended = ended;
  }

  /** Let the person choose what to share; the code says why nothing is shared. */
  async open(): Promise<TroubleCode | null> {
    if (!navigator.mediaDevices?.getDisplayMedia) return "unsupported";
    try {
      this.take(await navigator.mediaDevices.getDisplayMedia(options()));
      return null;
    } catch (fault) {
      return shareCodeOf(fault);
    }
  }

  close(): void {
    for (const track of [this.picture, this.sound]) {
      if (track) track.onended = null;
      track?.stop();
    }
    this.picture = this.sound = null;
  }

  private take(stream: MediaStream): void {
    this.close();
    this.picture = stream.getVideoTracks()[0] ?? null;
    this.sound = stream.getAudioTracks()[0] ?? null;
    if (!this.picture) return;
    if ("contentHint" in this.picture) this.picture.contentHint = "detail";
    this.picture.onended = () => {
      this.close();
      this.ended();
    };
  }
}

/** The studio itself is no choice: it would show itself in itself. */
function options(): ShareOptions {
  return {
    video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 30 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    systemAudio: "include",
  };
}
