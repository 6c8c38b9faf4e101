import { brightness } from "./light.ts";
import type { Size } from "./geometry.ts";

const LOOK = { width: 32, height: 18 };

/** A track as something that can be drawn: the latest picture of a camera or screen. */
export class Film {
  readonly video = document.createElement("video");
  private readonly glass = document.createElement("canvas");

  constructor() {
    Object.assign(this.video, { muted: true, playsInline: true, autoplay: true });
    Object.assign(this.glass, LOOK);
    this.video.addEventListener("pause", () => { if (this.video.srcObject) void this.play(); });
  }

  /** Show `track`, or nothing. */
  show(track: MediaStreamTrack | null): void {
    const [now] = (this.video.srcObject as MediaStream | null)?.getVideoTracks() ?? [];
    if (now === (track ?? undefined)) return;
    this.video.srcObject = track && new MediaStream([track]);
    if (track) void this.play();
  }

  /** The size of the picture; null before the first one. */
  get size(): Size | null {
    const { videoWidth: width, videoHeight: height, readyState, srcObject } = this.video;
    return srcObject && readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && width > 0 ? { width, height } : null;
  }

  /** Return the mean brightness of the picture, 0 to 1. */
  brightness(): number {
    const pen = this.glass.getContext("2d", { willReadFrequently: true });
    if (!pen) return 1;
    pen.drawImage(this.video, 0, 0, LOOK.width, LOOK.height);
    return brightness(pen.getImageData(0, 0, LOOK.width, LOOK.height).data);
  }

  private async play(): Promise<void> {
    await this.video.play().catch(() => undefined); // it is interrupted when the track changes again
  }
}
