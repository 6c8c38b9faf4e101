// The host's notes: saved as they are typed, kept in this browser until they are, never overwritten unseen.
import type { Server } from "./server.ts";
import type { View } from "./view.ts";

const PAUSE_MS = 900;
const AGAIN_MS = 5_000;

/** Keep the notes of a livestream. */
export function keepNotes(view: View, server: Server): void {
  const area = view.part<HTMLTextAreaElement>("notes");
  if (area) new Notes(area, view, server);
}

class Notes {
  private readonly area: HTMLTextAreaElement;
  private readonly view: View;
  private readonly server: Server;
  private readonly key: string;
  private since: string | null;
  private timer = 0;
  private saving = false;

  constructor(area: HTMLTextAreaElement, view: View, server: Server) {
    this.area = area;
    this.view = view;
    this.server = server;
    this.key = `mindcast.notes.${view.facts.id}`;
    this.since = area.dataset["since"] || null;
    this.recall();
    area.addEventListener("input", () => this.typed());
    area.addEventListener("blur", () => void this.save());
    window.addEventListener("online", () => void this.save());
  }

  /** What was typed and never arrived comes back after a crash. */
  private recall(): void {
    const kept = localStorage.getItem(this.key);
    if (kept === null || kept === this.area.value) return localStorage.removeItem(this.key);
    this.area.value = kept;
    void this.save();
  }

  private typed(): void {
    localStorage.setItem(this.key, this.area.value);
    this.later(PAUSE_MS);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), ms);
  }

  private async save(): Promise<void> {
    clearTimeout(this.timer);
    const text = localStorage.getItem(this.key);
    if (text === null || this.saving) return;
    this.saving = true;
    this.view.write("notes-said", this.view.word("notes_saving"));
    const answer = await this.server.put(this.area.dataset["notes"] ?? "", { text, since: this.since });
    this.saving = false;
    if (answer.ok) this.saved(text, answer.body);
    else if (answer.status === 409) this.differ(text, answer.body);
    else {
      this.view.write("notes-said", this.view.word("notes_kept"));
      this.later(AGAIN_MS);
    }
  }

  private saved(text: string, body: Record<string, unknown>): void {
    this.since = String(body["since"]);
    if (localStorage.getItem(this.key) !== text) return this.later(PAUSE_MS); // typed on meanwhile
    localStorage.removeItem(this.key);
    this.view.write("notes-said", this.view.word("notes_saved"));
  }

  /** Another window wrote: both texts stand here, and nothing of either is lost. */
  private differ(text: string, body: Record<string, unknown>): void {
    const theirs = String(body["text"] ?? "");
    this.since = typeof body["since"] === "string" ? body["since"] : null;
    const both = theirs.includes(text) ? theirs : `${theirs}\n\n${text}`;
    this.area.value = both;
    localStorage.setItem(this.key, both);
    this.view.write("notes-said", String(body["detail"] ?? ""));
    this.later(AGAIN_MS);
  }
}
