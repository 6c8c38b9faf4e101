import { listDevices } from "./devices.ts";
import { browserFact, cameraFact } from "./facts.ts";
import { arrange, type Present } from "./geometry.ts";
import { Film } from "./film.ts";
import { judgeLight } from "./light.ts";
import { openInputs } from "./opening.ts";
import { Input, type Tell } from "./input.ts";
import { Painter } from "./painter.ts";
import { record } from "./rehearsal.ts";
import { troubled } from "./remedies.ts";
import { Screen } from "./screen.ts";
import { Slides } from "./slides.ts";
import { Sound } from "./sound.ts";
import { Ticker } from "./ticker.ts";
import type {
  CardText, Choice, Corner, Device, DeviceFacts, DeviceKind, DeviceNews, Layout, PictureState, StageOptions, Trouble,
  VoiceState,
} from "./types.ts";
import { Listening } from "./listening.ts";

export { bindSlideKeys } from "./slide_keys.ts";
export { testUplink } from "./uplink.ts";
export * from "./types.ts";

const FRAME_MS = 1000 / 30;
const LOOK_FRAMES = 30; // the light is looked at once a second
const DEVICES_MS = 500; // devices come and go in bursts

/**
 * Everything between a host's devices and the one stream that is recorded.
 *
 * Events: `change` (anything below may have changed), `ended-screen`, and with {@link DeviceNews} as
 * detail `device-lost` and `device-back`.
 */
export class Stage extends EventTarget {
  /** One picture and one sound track, the same objects for the life of the page. */
  readonly stream: MediaStream;
  /** The composed picture, to be put into the page. `data-mirrored` is set while it shows the camera alone. */
  readonly preview: HTMLCanvasElement;
  readonly slides: Slides;
  layout: Layout = "camera";
  /** Why a device could not be had, until it is. */
  readonly troubles: Partial<Record<DeviceKind, Trouble>> = {};
  private readonly options: StageOptions;
  private readonly painter = new Painter();
  private readonly sound = new Sound(() => this.changed());
  private readonly listening = new Listening(this.sound);
  private readonly films = { camera: new Film(), screen: new Film() };
  private readonly inputs: Record<DeviceKind, Input>;
  private readonly screen = new Screen(() => this.endScreen());
  private readonly ticker: Ticker;
  private before: Layout = "camera";
  private place: Corner = "bottom_right";
  private cameraOff = false;
  private muted = false;
  private opened = false;
  private frames = 0;
  private light: number[] = [];
  private told = "";
  private coming = 0;

  constructor(options: StageOptions) {
    super();
    this.options = options;
    this.slides = new Slides(options.pdf, options.words);
    this.slides.addEventListener("change", () => this.changed());
    const tell: Tell = (event, news) => this.hear(event, news);
    this.inputs = { camera: new Input("camera", tell), microphone: new Input("microphone", tell) };
    this.stream = new MediaStream([this.painter.track, this.sound.track]);
    this.preview = this.painter.canvas;
    navigator.mediaDevices?.addEventListener("devicechange", this.lookSoon);
    document.addEventListener("visibilitychange", this.lookSoon);
    this.ticker = new Ticker(FRAME_MS, () => this.tick());
  }

  /**
   * Open camera and microphone, the first time both, later those that `choice` names. Rejects with the
   * first {@link Trouble}; what could be had is open all the same, and `troubles` has the rest.
   */
  async open(choice: Choice = {}): Promise<void> {
    const named = (["camera", "microphone"] as const).filter((kind) => !this.opened || choice[kind] !== undefined);
    const kinds = named.filter((kind) => kind !== "camera" || !this.cameraOff || choice.camera);
    if (choice.camera) this.cameraOff = false;
    this.opened = true;
    for (const kind of kinds) delete this.troubles[kind];
    const troubles = await openInputs(kinds.map((kind) => ({ input: this.inputs[kind], id: choice[kind] ?? "" })), this.options.words);
    for (const trouble of troubles) this.troubles[trouble.about as DeviceKind] = trouble;
    void this.sound.resume();
    this.changed();
    if (troubles[0]) throw troubles[0];
  }

  /** Return the cameras and microphones there are; labels are known once permission was given. */
  devices(): Promise<Device[]> {
    return listDevices([this.inputs.camera.id, this.inputs.microphone.id]);
  }

  /** Change what fills the picture. What a layout misses is made up for by the camera or the card. */
  show(layout: Layout): void {
    this.layout = layout;
    this.changed();
  }

  get corner(): Corner { return this.place; }
  set corner(corner: Corner) {
    this.place = corner;
    this.changed();
  }

  /** What stands on the card. */
  set card(text: CardText) {
    this.options.card = text;
    this.changed();
  }

  /** Let the person share a screen and show it; rejects with a {@link Trouble}. Call it from a press. */
  async share(layout: "screen" | "screen_camera" = "screen_camera"): Promise<void> {
    const code = await this.screen.open();
    if (code) throw troubled(null, "screen", code, this.options.words);
    if (!this.layout.startsWith("screen")) this.before = this.layout;
    this.connectScreen();
    this.show(layout);
  }

  /** End sharing and go back to the layout before it. */
  unshare(): void {
    this.screen.close();
    this.endScreen();
  }

  get sharing(): boolean { return this.screen.picture !== null; }

  /** Switch the camera on or off; off, its light goes out and viewers see the card. */
  async camera(on: boolean): Promise<void> {
    this.cameraOff = !on;
    if (!on) this.inputs.camera.close();
    else if (!this.inputs.camera.track) await this.open({ camera: "" });
    this.changed();
  }

  get cameraOn(): boolean { return !this.cameraOff; }

  /** Let the voice through or not; the device stays open, so that it is there at once. */
  microphone(on: boolean): void {
    this.muted = !on;
    this.sound.mute(this.muted);
    this.listening.forget();
    this.changed();
  }

  get microphoneOn(): boolean { return !this.muted; }

  /** The length of the voice's meter now, 0 to 1. */
  level(): number { return this.listening.level; }

  get voice(): VoiceState { return this.listening.judge(!this.muted && this.opened); }

  get picture(): PictureState {
    if (this.cameraOff || !this.opened) return "off";
    if (this.inputs.camera.lost) return "lost";
    return judgeLight(this.light);
  }

  /** Whether the browser holds the sound back until somebody presses something. */
  get soundHeld(): boolean { return this.sound.held; }

  /** Record what viewers would see and hear, for the host alone; 20 s unless `signal` ends it sooner. */
  async record(seconds = 20, signal?: AbortSignal): Promise<Blob> {
    await this.sound.resume();
    return await record(this.stream, seconds, signal);
  }

  /** Return what a device check tells the server; `kbits` from {@link testUplink}. */
  facts(kbits: number): DeviceFacts {
    return {
      camera: cameraFact(this.inputs.camera.track?.getSettings()),
      microphone_level: this.listening.loudest,
      uplink_kbits: kbits,
      browser: browserFact(navigator.userAgent),
    };
  }

  /** Let every device go; the stream ends. */
  close(): void {
    this.ticker.stop();
    navigator.mediaDevices?.removeEventListener("devicechange", this.lookSoon);
    document.removeEventListener("visibilitychange", this.lookSoon);
    for (const input of Object.values(this.inputs)) input.close();
    this.screen.close();
    this.slides.close();
    this.painter.track.stop();
    this.sound.close();
  }

  private tick(): void {
    this.frames++;
    const { camera, screen } = this.films;
    const lost = this.inputs.camera.lost;
    const present: Present = { camera: lost ? null : camera.size, screen: screen.size, slide: this.slides.picture };
    const placed = arrange(this.layout, present, this.place);
    const { words, card } = this.options;
    this.painter.write(card, lost ? words.card.lost : words.card.off);
    this.painter.draw(placed, { camera: camera.video, screen: screen.video, slide: this.slides.picture });
    this.preview.toggleAttribute("data-mirrored", placed[0]?.part === "camera");
    if (this.listening.listen() || this.frames % LOOK_FRAMES === 0) this.notice();
  }

  /** Tell the page when the voice or the picture is judged anew. */
  private notice(): void {
    if (this.frames % LOOK_FRAMES === 0 && this.films.camera.size)
      this.light = [...this.light.slice(-4), this.films.camera.brightness()];
    const now = `${this.voice} ${this.picture}`;
    if (now !== this.told) this.changed();
    this.told = now;
  }

  private hear(event: Parameters<Tell>[0], news: DeviceNews): void {
    const { camera, microphone } = this.inputs;
    if (news.kind === "camera") {
      this.films.camera.show(camera.track);
      this.light = [];
    } else {
      this.sound.connect("voice", microphone.track);
      this.listening.forget();
    }
    if (this.inputs[news.kind].track) delete this.troubles[news.kind];
    if (event !== "change") this.dispatchEvent(new CustomEvent<DeviceNews>(event, { detail: news }));
    this.changed();
  }

  private endScreen(): void {
    this.connectScreen();
    if (this.layout.startsWith("screen")) this.layout = this.before;
    this.dispatchEvent(new Event("ended-screen"));
    this.changed();
  }

  private connectScreen(): void {
    this.films.screen.show(this.screen.picture);
    this.sound.connect("screen", this.screen.sound);
  }

  private readonly lookSoon = (): void => {
    clearTimeout(this.coming);
    this.coming = window.setTimeout(() => {
      void Promise.all(Object.values(this.inputs).map((input) => input.look())).then(() => this.changed());
    }, DEVICES_MS);
  };

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
