// The upload part of the desk: choose, send, pause, go on after a reload, follow the import.
import { bytes, span, Speed } from "./figures.ts";
import { Door, isPassing, missingParts, Refused, waitAfter, type Upload } from "./sending.ts";

const FOLLOW_MS = 1000;

/** Bring the section to life. */
export function offerUpload(root: HTMLElement): void {
  new Page(root).start();
}

class Page {
  private readonly door: Door;
  private readonly speed = new Speed();
  private readonly words: DOMStringMap;
  private id = "";
  private file: File | null = null;
  private paused = false;
  private stop = new AbortController();

  private readonly root: HTMLElement;

  constructor(root: HTMLElement) {
    this.root = root;
    const told = root.dataset;
    this.door = new Door(told["upload"] ?? "", told["token"] ?? "", document.documentElement.lang);
    this.words = this.part("words").dataset;
    this.id = told["known"] ?? "";
  }

  start(): void {
    this.part("choose").addEventListener("submit", (event) => { event.preventDefault(); void this.begin(); });
    this.part("pause").addEventListener("click", () => this.pause());
    this.part("continue").addEventListener("click", () => void this.goOn());
    for (const name of ["cancel", "drop"]) this.part(name).addEventListener("click", () => void this.cancel());
    addEventListener("beforeunload", (event) => { if (this.file && !this.paused) event.preventDefault(); });
    const state = this.root.dataset["state"] ?? "";
    if (state === "received" || state === "importing") {
      this.showFile(this.root.dataset["name"] ?? "");
      void this.follow();
    }
  }

  private async begin(): Promise<void> {
    const chosen = this.root.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
    this.clearFault();
    if (!chosen) return this.fault(this.word("choose"));
    this.file = chosen;
    try {
      const upload = await this.door.begin(chosen);
      this.id = upload.id;
      this.showFile(chosen.name);
      await this.send(upload);
    } catch (fault) {
      this.giveUp(fault);
    }
  }

  private async send(first: Upload): Promise<void> {
    const file = this.file;
    if (!file) return;
    let upload = first, failures = 0;
    this.paused = false;
    this.stop = new AbortController();
    this.buttons();
    this.say("sending");
    this.progress(upload);
    this.part("resume").hidden = true;
    for (const number of missingParts(upload)) {
      const from = number * upload.part_size;
      for (;;) {
        try {
          const data = file.slice(from, from + upload.part_size);
          upload = await this.door.part(this.id, number, data, this.stop.signal);
          failures = 0;
          this.say("sending");
          this.progress(upload);
          break;
        } catch (fault) {
          if (this.paused) return;
          if (!isPassing(fault)) throw fault;
          this.say("waiting");
          await new Promise((done) => setTimeout(done, waitAfter(failures += 1)));
          if (this.paused) return;
        }
      }
    }
    await this.door.complete(this.id);
    this.file = null;
    await this.follow();
  }

  private async follow(): Promise<void> {
    this.part("pause").hidden = this.part("continue").hidden = this.part("cancel").hidden = true;
    this.part("choose").hidden = true;
    for (;;) {
      const upload = await this.door.read(this.id).catch(() => null);
      if (upload && this.settled(upload)) return;
      await new Promise((done) => setTimeout(done, FOLLOW_MS));
    }
  }

  /** Show where the import stands; tell whether it is over. */
  private settled(upload: Upload): boolean {
    this.bar(upload.progress, "");
    if (upload.state === "done") {
      this.say("done");
      setTimeout(() => location.reload(), FOLLOW_MS); // the desk has other parts now
      return true;
    }
    if (upload.state === "failed" || upload.state === "cancelled") {
      this.part("going").hidden = true;
      this.part("choose").hidden = false;
      if (upload.state === "failed") this.fault(`${this.word("failed")} ${upload.reason} ${this.word("again")}`);
      else this.say("cancelled");
      return true;
    }
    this.say(upload.state);
    return false;
  }

  private pause(): void {
    this.paused = true;
    this.stop.abort();
    this.buttons();
    this.say("paused");
    this.part("continue").focus();
  }

  private async goOn(): Promise<void> {
    this.part("pause").hidden = false;
    this.part("pause").focus();
    try {
      await this.send(await this.door.read(this.id));
    } catch (fault) {
      this.giveUp(fault);
    }
  }

  private async cancel(): Promise<void> {
    this.paused = true;
    this.stop.abort();
    try {
      await this.door.cancel(this.id);
      this.file = null;
      this.part("going").hidden = this.part("resume").hidden = this.part("drop").hidden = true;
      this.part("choose").hidden = false;
      this.say("cancelled");
      this.root.querySelector<HTMLElement>("input[type=file]")?.focus();
    } catch (fault) {
      this.giveUp(fault);
    }
  }

  private giveUp(fault: unknown): void {
    this.file = null;
    this.part("going").hidden = true;
    this.part("choose").hidden = false;
    this.part("drop").hidden = !this.id;
    this.fault(fault instanceof Refused && fault.message ? fault.message : this.word("waiting"));
  }

  private showFile(name: string): void {
    this.root.querySelector<HTMLElement>("[data-before]")?.remove();
    this.part("file").textContent = name;
    this.part("going").hidden = false;
    this.part("choose").hidden = true;
  }

  private progress(upload: Upload): void {
    const sent = upload.progress * upload.size;
    this.speed.note(performance.now(), sent);
    const speed = this.speed.perSecond();
    const left = speed > 0 ? this.word("left").replace("{time}", span((upload.size - sent) / speed)) : "";
    this.bar(upload.progress, speed > 0 ? `${bytes(speed)}/s, ${left}` : "", ` (${bytes(sent)} / ${bytes(upload.size)})`);
  }

  private bar(fraction: number, speed: string, amount = ""): void {
    this.root.querySelector<HTMLProgressElement>("[data-bar]")!.value = fraction;
    this.part("percent").textContent = `${Math.round(fraction * 100)} %${amount}`;
    this.part("speed").textContent = speed;
  }

  private buttons(): void {
    this.part("pause").hidden = this.paused;
    this.part("continue").hidden = !this.paused;
    this.part("cancel").hidden = false;
  }

  private say(word: string): void {
    const words = this.word(word), said = this.part("said");
    if (said.textContent !== words) said.textContent = words; // else it would be read out again
  }

  private fault(words: string): void {
    this.part("said").textContent = "";
    this.part("why").textContent = words;
    this.part("fault").hidden = false;
  }

  private clearFault(): void {
    this.part("fault").hidden = true;
    this.root.querySelector<HTMLElement>("[data-before]")?.remove();
  }

  private word(name: string): string {
    return this.words[name] ?? "";
  }

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-${name}]`)!;
  }
}
