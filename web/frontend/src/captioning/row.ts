import { clockMs, plain, readClock, same, type Cue } from "./cues.ts";

/** One line on the page: its fields, and the line as it was last known to be kept. */
export class Row {
  readonly item: HTMLElement;
  readonly start: HTMLInputElement;
  readonly end: HTMLInputElement;
  readonly text: HTMLTextAreaElement;
  was: Cue | null;
  private readonly hidden: HTMLInputElement;

  constructor(item: HTMLElement) {
    this.item = item;
    const field = (name: string) => item.querySelector(`[name=${name}]`);
    this.hidden = field("was") as HTMLInputElement;
    this.start = field("start") as HTMLInputElement;
    this.end = field("end") as HTMLInputElement;
    this.text = field("text") as HTMLTextAreaElement;
    this.was = readWas(this.hidden.value);
  }

  /** The line as it stands in the fields; null when a time is none or there are no words. */
  get cue(): Cue | null {
    const [start_ms, end_ms] = [readClock(this.start.value), readClock(this.end.value)];
    const text = plain(this.text.value);
    return start_ms === null || end_ms === null || !text ? null : { start_ms, end_ms, text };
  }

  /** Whether the fields say something else than what is kept. */
  get changed(): boolean {
    const typed = plain(this.text.value);
    if (!this.was) return typed !== "";
    const times = this.start.value !== clockMs(this.was.start_ms) || this.end.value !== clockMs(this.was.end_ms);
    return times || typed !== plain(this.was.text);
  }

  /** Write a line into the fields. */
  show(cue: Cue): void {
    this.start.value = clockMs(cue.start_ms);
    this.end.value = clockMs(cue.end_ms);
    if (plain(this.text.value) !== plain(cue.text)) this.text.value = cue.text;
  }

  /** Note what is kept now. */
  keep(cue: Cue): void {
    this.was = cue;
    this.hidden.value = JSON.stringify([cue.start_ms, cue.end_ms, cue.text]);
    this.item.dataset["checked"] = "";
  }

  isOf(cue: Cue): boolean {
    return same(this.was, cue);
  }

  say(...what: (string | Node)[]): void {
    this.item.querySelector("[data-said]")?.replaceChildren(...what);
  }
}

function readWas(value: string): Cue | null {
  if (!value) return null;
  const [start_ms, end_ms, text] = JSON.parse(value) as [number, number, string];
  return { start_ms, end_ms, text };
}
