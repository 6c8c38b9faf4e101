import { measure } from "./voice.ts";

const SCREEN_GAIN = 0.7; // voice and screen together stay below full scale

/** Mixes the microphone and the sound of a shared screen into one track that never ends. */
export class Sound {
  readonly track: MediaStreamTrack;
  private readonly context: AudioContext;
  private readonly mixed: MediaStreamAudioDestinationNode;
  private readonly voice: GainNode;
  private readonly screen: GainNode;
  private readonly meter: AnalyserNode;
  private readonly block: Float32Array<ArrayBuffer>;
  private sources: Partial<Record<"voice" | "screen", MediaStreamAudioSourceNode>> = {};

  constructor(changed: () => void) {
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.mixed = new MediaStreamAudioDestinationNode(this.context, { channelCount: 2 });
    this.voice = new GainNode(this.context);
    this.screen = new GainNode(this.context, { gain: SCREEN_GAIN });
    this.meter = new AnalyserNode(this.context, { fftSize: 2048 });
    this.block = new Float32Array(this.meter.fftSize);
    this.voice.connect(this.mixed);
    this.voice.connect(this.meter);
    this.screen.connect(this.mixed);
    this.addSilence();
    this.track = this.mixed.stream.getAudioTracks()[0] as MediaStreamTrack;
    this.context.onstatechange = changed;
    this.resumeOnPress();
  }

  /** Whether the browser holds the sound back until the next press or key. */
  get held(): boolean {
    return this.context.state !== "running";
  }

  /** Let `track` be the voice or the screen's sound; null takes it away. */
  connect(part: "voice" | "screen", track: MediaStreamTrack | null): void {
    this.sources[part]?.disconnect();
    delete this.sources[part];
    if (!track) return;
    const source = new MediaStreamAudioSourceNode(this.context, { mediaStream: new MediaStream([track]) });
    source.connect(part === "voice" ? this.voice : this.screen);
    this.sources[part] = source;
  }

  /** Let the voice through or not, without a click. */
  mute(muted: boolean): void {
    this.voice.gain.setTargetAtTime(muted ? 0 : 1, this.context.currentTime, 0.01);
  }

  /** Return peak and mean of what is heard of the voice now, 0 to 1. */
  measure(): { peak: number; rms: number } {
    this.meter.getFloatTimeDomainData(this.block);
    return measure(this.block);
  }

  /** Let the sound begin, where the browser allows it. */
  async resume(): Promise<void> {
    if (this.context.state !== "closed") await this.context.resume().catch(() => undefined);
  }

  close(): void {
    this.track.stop();
    void this.context.close();
  }

  /** A recorder waits for its sound: without a microphone it is given silence. */
  private addSilence(): void {
    const silence = new ConstantSourceNode(this.context, { offset: 0 });
    silence.connect(this.mixed);
    silence.start();
  }

  private resumeOnPress(): void {
    for (const event of ["pointerdown", "keydown", "touchend"])
      document.addEventListener(event, () => { if (this.held) void this.resume(); }, { capture: true, passive: true });
  }
}
