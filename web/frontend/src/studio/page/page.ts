// The whole page: which face it shows, what is sent, and what a press of a key or button does.
import { keepFresh } from "../../hosting/fresh.ts";
import { Air } from "./air.ts";
import { followAudience } from "./audience.ts";
import { Broadcast } from "./broadcast.ts";
import { Ending } from "./ending.ts";
import { faceOf, turn, type Face } from "./faces.ts";
import { readFacts } from "./facts.ts";
import { Going } from "./going.ts";
import { controlOf, keyAct } from "./keys.ts";
import { Marks } from "./marks.ts";
import { keepNotes } from "./notes.ts";
import { Picture } from "./picture.ts";
import { answerQuestions, nextQuestion } from "./questions.ts";
import { offerPolls } from "./polls.ts";
import { followPresence } from "./presence.ts";
import { offerScript } from "./script.ts";
import { Server } from "./server.ts";
import { offerSlides } from "./slides.ts";
import { Trying } from "./trying.ts";
import { View } from "./view.ts";

const FRESH_MS = 3_000;

/** Work the studio of a livestream. */
export function openStudio(root: HTMLElement): void {
  const facts = readFacts(root);
  const view = new View(root, facts);
  const server = new Server(facts.token, document.documentElement.lang);
  const air = new Air(view);
  keepFresh(root, facts.parts, FRESH_MS);
  followPresence(server, facts);
  answerQuestions(view, facts.token);
  offerPolls(view, server);
  offerScript(view, server);
  keepNotes(view, server);
  if (facts.runs && faceOf(facts.state) !== "over") new Studio(view, server, air);
  else lookOn(view, server, air);
}

/** What moderators have, and everybody at a premiere: nothing is sent from here. */
function lookOn(view: View, server: Server, air: Air): void {
  if (view.facts.premiere) {
    const marks = new Marks(view, server);
    marks.offer(() => air.now);
    void marks.load();
  }
  followAudience(server, `${view.facts.api}/audience`, (state, face) => {
    air.follow(state);
    if (face !== view.root.dataset["face"]) turnTo(view, face);
  });
}

function turnTo(view: View, face: Face): void {
  turn(view.root, face);
  document.title = document.title.replace(/^[^:：]+/, view.word(`title_${face}`));
}

/** What the host and the staff have: the picture, and everything that is done with it. */
class Studio {
  private readonly view: View;
  private readonly server: Server;
  private readonly air: Air;
  private readonly picture: Picture;
  private readonly broadcast: Broadcast;
  private readonly going: Going;
  private readonly ending: Ending;
  private readonly marks: Marks;
  private face: Face;
  private rehearsing = false;

  constructor(view: View, server: Server, air: Air) {
    this.view = view;
    this.server = server;
    this.air = air;
    this.face = faceOf(view.facts.state);
    this.picture = new Picture(view);
    this.broadcast = new Broadcast(view, this.picture);
    this.going = new Going(view, server, air, this.broadcast);
    this.ending = new Ending(view, server, this.broadcast);
    this.marks = new Marks(view, server);
    this.marks.offer(() => air.now);
    new Trying(view, this.picture, server);
    offerSlides(view, server, this.picture);
    this.bind();
    void this.begin();
  }

  private bind(): void {
    const { view } = this;
    this.going.began = () => this.enter("air");
    this.ending.ended = () => this.enter("after");
    view.on("rehearse", () => void this.rehearse());
    view.on("takeover", () => void this.takeOver());
    view.on("keep-rest", () => void this.broadcast.download());
    view.part<HTMLInputElement>("recorded")?.addEventListener("change", () => void this.chooseRecording());
    view.root.addEventListener("picture-open", () => this.pictureOpen());
    this.broadcast.watch(() => this.sent());
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.broadcast.isSending || this.ending.isGoing) event.preventDefault();
    });
    new MutationObserver(() => this.going.draw()).observe(document.getElementById("fresh-ready") ?? view.root, { childList: true });
    followAudience(this.server, `${view.facts.api}/audience`, (state, face) => {
      this.air.follow(state);
      if (face !== this.face && !this.ending.isGoing) this.enter(face);
    });
  }

  /** What is to be done when the page is opened. */
  private async begin(): Promise<void> {
    const { view } = this;
    this.going.draw();
    this.picture.draw();
    this.air.badge(this.face, false);
    if (typeof MediaRecorder === "undefined" && (this.face === "green" || this.face === "air")) return view.show("unfit", true);
    if (this.face === "green") return void this.picture.openQuietly();
    if (this.face === "after") return this.lookForRest();
    void this.marks.load();
    if (await this.broadcast.resumable()) await this.resume();
    else await this.notHere();
  }

  /** Say whether somebody else sends, as far as the server knows. */
  private async notHere(): Promise<void> {
    const now = await this.server.get(`${this.view.facts.api}/audience`);
    this.elsewhere(now.body["interrupted"] === false ? "elsewhere" : "away");
  }

  /** Go on in the broadcast that this browser was sending when its page went away. */
  private async resume(): Promise<void> {
    const { view } = this;
    view.label("open", view.word("go_on"));
    view.write("cover-words", view.word("resume"));
    if (await this.picture.openQuietly()) await this.goOn(false);
    else view.button("open")?.focus();
  }

  /** Send; where another window sends, say so. */
  private async goOn(steal: boolean): Promise<void> {
    if (await this.broadcast.send(steal)) this.view.show("elsewhere", false);
    else this.elsewhere("elsewhere");
  }

  private async takeOver(): Promise<void> {
    if (await this.picture.open()) await this.goOn(true);
  }

  private elsewhere(why: "elsewhere" | "away"): void {
    this.view.write("elsewhere-title", this.view.word(why));
    this.view.write("elsewhere-words", this.view.word(`${why}_words`));
    this.view.write("cover-words", this.view.word(why));
    this.view.label("takeover", this.view.word(why === "away" ? "go_on" : "takeover"));
    this.view.show("elsewhere", true);
  }

  private pictureOpen(): void {
    this.air.badge(this.face, this.rehearsing);
    const rehearse = this.view.button("rehearse");
    if (rehearse) rehearse.disabled = false;
    if (this.face === "air" && !this.broadcast.isSending && this.view.part("elsewhere")?.hidden) void this.goOn(false);
  }

  /** Something about what is sent is another. */
  private sent(): void {
    const state = this.broadcast.state;
    if (!state) return;
    this.air.health(state);
    if (state.phase === "elsewhere" && this.face === "air") this.elsewhere("elsewhere");
  }

  private enter(face: Face): void {
    const former = this.face;
    this.face = face;
    turnTo(this.view, face);
    this.air.badge(face, false);
    this.view.forgive();
    if (face === "air") this.onAir(former);
    if (face === "after") this.over();
    if (face === "over") location.reload();
  }

  private onAir(former: Face): void {
    this.rehearsing = false;
    void this.marks.load();
    if (former === "green" && this.broadcast.isSending) this.view.say(this.view.word("on_air_said"));
    else if (!this.broadcast.isSending) void this.notHere();
    document.getElementById("air-h")?.setAttribute("tabindex", "-1");
    document.getElementById("air-h")?.focus();
  }

  private over(): void {
    this.picture.close();
    this.view.root.dispatchEvent(new Event("stale"));
    this.view.say(this.view.word("ended_said"));
    document.getElementById("fresh-after")?.focus();
    void this.broadcast.rest().then(() => this.lookForRest());
  }

  private async lookForRest(): Promise<void> {
    const seconds = Math.round(await this.broadcast.leftover());
    const { view } = this;
    view.show("left", seconds > 0);
    view.write("left-words", view.word("left_seconds").replace("{seconds}", String(seconds)));
    view.write("left-said", view.word("left_late"));
  }

  /** Send to the server before anybody sees it; pressed again, it stops. */
  private async rehearse(): Promise<void> {
    const { view } = this;
    const stop = this.rehearsing;
    this.rehearsing = !stop;
    if (stop) await this.broadcast.rest();
    else this.rehearsing = await this.broadcast.send();
    view.label("rehearse", view.word(this.rehearsing ? "rehearse_stop" : "rehearse"));
    view.write("rehearsal", view.word(this.rehearsing ? "rehearsal_on" : "rehearsal_off"));
    this.air.badge(this.face, this.rehearsing);
  }

  private async chooseRecording(): Promise<void> {
    const box = this.view.part<HTMLInputElement>("recorded");
    if (!box) return;
    const answer = await this.server.patch(this.view.facts.api, { recorded: box.checked });
    if (!answer.ok) {
      box.checked = !box.checked;
      this.view.refuse(this.view.word("refused"), [String(answer.body["detail"] ?? this.view.word("no_answer"))]);
    }
    this.view.show("recorded-not", !box.checked);
  }

  private key(event: KeyboardEvent): void {
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const act = keyAct(event.key, controlOf(event.target), modified, this.face);
    if (act === null || event.repeat) return;
    event.preventDefault();
    if (typeof act === "object") this.picture.showAt(act.layout);
    else if (act === "camera" || act === "microphone") void this.picture.switch(act);
    else if (act === "next" || act === "previous") this.picture.slide(act === "next" ? 1 : -1);
    else if (act === "mark") this.marks.add(this.air.now);
    else if (act === "question") nextQuestion(this.view);
    else document.getElementById("studio-keys")?.togglePopover();
  }
}
