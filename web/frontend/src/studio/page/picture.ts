// The picture and the sound: opened, chosen, switched, and shown to the host as viewers get them.
import { Stage, testUplink } from "../stage/stage.ts";
import type { Device, DeviceKind, DeviceNews, Layout, StageWords, Uplink } from "../stage/types.ts";
import { fill } from "./facts.ts";
import { showLevel } from "./level.ts";
import type { View } from "./view.ts";

const LAYOUTS: readonly Layout[] = ["camera", "screen", "screen_camera", "slides", "slides_camera"];

const SETTLE_MS = 1_000;

/** Owns the stage of the page. `opened` is called once, when there is something to send. */
export class Picture {
  readonly stage: Stage;
  private readonly view: View;
  private readonly words: StageWords;
  private opening: Promise<boolean> | null = null;
  private offered: Device | null = null;
  isOpen = false;

  constructor(view: View) {
    this.view = view;
    const { facts } = view;
    this.words = JSON.parse(facts.stageWords) as StageWords;
    this.stage = new Stage({ card: { title: facts.title, host: facts.host }, words: this.words, pdf: facts.pdf });
    this.stage.addEventListener("change", () => this.draw());
    this.stage.addEventListener("ended-screen", () => view.say(view.word("share_ended")));
    for (const news of ["device-lost", "device-back"] as const)
      this.stage.addEventListener(news, (event) => this.tell(news, (event as CustomEvent<DeviceNews>).detail));
    view.on("open", () => void this.open());
    view.on("use", () => void this.useOffered());
    view.on("camera", () => void this.switch("camera"));
    view.on("microphone", () => void this.switch("microphone"));
    view.on("share", () => void this.share());
    view.on("next", () => this.slide(1));
    view.on("previous", () => this.slide(-1));
    for (const kind of ["camera", "microphone"] as const)
      this.select(kind)?.addEventListener("change", () => void this.choose(kind));
    view.part("layouts")?.addEventListener("change", () => this.show(this.chosenLayout()));
  }

  /** Switch on camera and microphone; false: they cannot be had, and the page says why. */
  open(): Promise<boolean> {
    this.opening ??= this.openOnce().finally(() => (this.opening = null));
    return this.opening;
  }

  /** Open without a press where permission was given before; false: a press is needed. */
  async openQuietly(): Promise<boolean> {
    return (await allowed()) ? this.open() : false;
  }

  /** Whether a device is wanted; the camera may be away all the same. */
  isOn(kind: DeviceKind): boolean {
    return this.isOpen && (kind === "camera" ? this.stage.cameraOn : this.stage.microphoneOn);
  }

  /** Switch a device off, or on again. */
  async switch(kind: DeviceKind): Promise<void> {
    if (!this.isOpen) return void (await this.open());
    const on = !this.isOn(kind);
    try {
      if (kind === "camera") await this.stage.camera(on);
      else this.stage.microphone(on);
    } catch (fault) {
      this.trouble(fault);
    }
    this.draw();
    this.view.say(this.labelOf(kind));
  }

  /** What picture and voice are like, in words. */
  get findings(): { picture: string; voice: string } {
    const { picture, voice } = this.stage;
    return { picture: this.words.findings[`picture_${picture}`], voice: this.words.findings[`voice_${voice}`] };
  }

  /** Whether viewers would see and hear the host well enough. */
  get isGood(): boolean {
    return (this.stage.picture === "clear" || this.stage.picture === "dark") && this.loudest > 0;
  }

  /** The loudest second so far, 0 to 1. */
  get loudest(): number {
    return this.stage.facts(0).microphone_level;
  }

  /** The size of the camera's picture. */
  get size(): { width: number; height: number } {
    const found = /^(\d+)x(\d+)/.exec(this.stage.facts(0).camera);
    return { width: Number(found?.[1] ?? 0), height: Number(found?.[2] ?? 0) };
  }

  testUplink(): Promise<Uplink> {
    const { uplinkUrl: url, token } = this.view.facts;
    return testUplink({ url, token }, this.words.uplink);
  }

  /** Let the devices go. */
  close(): void {
    if (this.isOpen) this.stage.close();
    this.isOpen = false;
  }

  show(layout: Layout | undefined): void {
    if (!layout || !this.isOpen) return;
    if (layout.startsWith("screen") && !this.stage.sharing) return void this.share(layout);
    this.stage.show(layout);
    this.draw();
  }

  showAt(place: number): void {
    this.show(LAYOUTS[place]);
  }

  slide(step: 1 | -1): void {
    const { slides } = this.stage;
    if (!slides.count) return;
    if (!this.stage.layout.startsWith("slides")) this.stage.show("slides_camera");
    (step > 0 ? slides.next() : slides.previous()).catch((fault: unknown) => this.trouble(fault));
  }

  /** Draw what the stage is. */
  draw(): void {
    const { view, stage } = this;
    for (const kind of ["camera", "microphone"] as const) {
      const act = view.button(kind);
      if (act) act.disabled = !this.isOpen;
      view.press(kind, this.isOn(kind));
      view.label(kind, this.labelOf(kind));
    }
    const share = view.button("share");
    if (share) share.disabled = !this.isOpen;
    if (share) share.hidden = !canShare();
    view.press("share", stage.sharing);
    view.label("share", view.word(stage.sharing ? "unshare" : "share"));
    this.drawLayouts();
    this.drawSound();
    view.show("turn", stage.slides.count > 0);
    view.write("slide", fill(view.word("slide"), { at: stage.slides.page, all: stage.slides.count }));
  }

  private async openOnce(): Promise<boolean> {
    const { view } = this;
    view.write("cover-words", view.word("opening"));
    view.show("trouble", false);
    try {
      await this.stage.open({});
    } catch (fault) {
      this.trouble(fault);
      view.write("cover-words", view.word("see_yourself"));
      if (Object.keys(this.stage.troubles).length > 1) return false; // neither can be had
    }
    if (!this.isOpen) this.opened();
    await this.list();
    this.draw();
    return true;
  }

  private opened(): void {
    this.isOpen = true;
    const frame = this.view.part("preview");
    frame?.prepend(this.stage.preview);
    frame?.closest(".player")?.classList.add("studio-stage--open");
    showLevel(this.view, () => (this.stage.microphoneOn ? this.stage.level() : 0));
    this.view.root.dispatchEvent(new CustomEvent("picture-open"));
  }

  private async list(): Promise<void> {
    const devices = await this.stage.devices();
    for (const kind of ["camera", "microphone"] as const) {
      const options = devices
        .filter((device) => device.kind === kind)
        .map((device) => new Option(device.label || device.id, device.id, device.used, device.used));
      const select = this.select(kind);
      select?.replaceChildren(...options);
      if (select) select.disabled = options.length === 0;
    }
  }

  private async choose(kind: DeviceKind): Promise<void> {
    const id = this.select(kind)?.value;
    if (!id) return;
    try {
      await this.stage.open({ [kind]: id });
      this.view.show("trouble", false);
    } catch (fault) {
      this.trouble(fault);
    }
    await this.list();
  }

  /** Share a screen in a layout; without one the button was pressed, which ends it as well. */
  private async share(layout?: Layout): Promise<void> {
    if (this.stage.sharing && !layout) {
      this.stage.unshare();
    } else {
      try {
        await this.stage.share(layout === "screen" ? "screen" : "screen_camera");
        this.view.show("trouble", false);
      } catch (fault) {
        this.trouble(fault);
      }
    }
    this.draw();
  }

  trouble(fault: unknown): void {
    this.view.write("trouble-words", fault instanceof Error ? fault.message : String(fault));
    this.view.show("trouble", true);
    this.offer(null);
  }

  /** A device went away or came back; another one that is there is offered, or stands in already. */
  private tell(news: "device-lost" | "device-back", { kind, instead, offered }: DeviceNews): void {
    const { view } = this;
    const lost = news === "device-lost";
    const words = view.word(lost && instead ? "instead" : `${lost ? "warn" : "back"}_${kind}`);
    view.write("trouble-words", fill(words, { name: instead?.label ?? "" }));
    view.show("trouble", lost);
    this.offer(lost && !instead ? offered : null);
    if (!lost) view.say(words);
    void this.list();
  }

  private offer(device: Device | null): void {
    this.offered = device;
    this.view.label("use", fill(this.view.word("use"), { name: device?.label ?? "" }));
    this.view.show("use", device !== null);
  }

  private async useOffered(): Promise<void> {
    if (!this.offered) return;
    try {
      await this.stage.open({ [this.offered.kind]: this.offered.id });
      this.view.show("trouble", false);
    } catch (fault) {
      this.trouble(fault);
    }
    await this.list();
  }

  /** Where the browser holds the sound back for a press, say so; at its start it may do so for a moment. */
  private drawSound(): void {
    const held = () => this.isOpen && this.stage.soundHeld;
    if (held()) setTimeout(() => this.view.show("held", held()), SETTLE_MS);
    else this.view.show("held", false);
  }

  private labelOf(kind: DeviceKind): string {
    const on = this.isOn(kind);
    return this.view.word(`${kind === "camera" ? "camera" : "mic"}_${on ? "on" : "off"}`);
  }

  private select(kind: DeviceKind): HTMLSelectElement | null {
    return this.view.root.querySelector(`[data-choose="${kind}"]`);
  }

  private chosenLayout(): Layout | undefined {
    return this.view.root.querySelector<HTMLInputElement>("[name=layout]:checked")?.value as Layout | undefined;
  }

  private drawLayouts(): void {
    const set = this.view.part<HTMLFieldSetElement>("layouts");
    if (set) set.disabled = !this.isOpen;
    for (const radio of set?.querySelectorAll<HTMLInputElement>("[name=layout]") ?? []) {
      radio.checked = radio.value === this.stage.layout;
      const { value } = radio;
      radio.disabled = value.startsWith("slides") ? this.stage.slides.count === 0 : value !== "camera" && !canShare();
    }
  }
}

/** Telephones cannot share their screen. */
function canShare(): boolean {
  return navigator.mediaDevices !== undefined && "getDisplayMedia" in navigator.mediaDevices;
}

/** Whether the browser gives camera and microphone to this page without asking. */
async function allowed(): Promise<boolean> {
  try {
    const names = ["camera", "microphone"] as unknown as PermissionName[];
    const states = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return states.every((one) => one.state === "granted");
  } catch {
    return false; // this browser does not tell
  }
}
