// The page of one livestream, before, during and after it.
import { bindAsking } from "./asking/asking.ts";
import { Captions } from "./player/captions.ts";
import { bindControls } from "./player/controls.ts";
import { LiveCaptions } from "./player/live_captions.ts";
import { keepOnSite, takePlaceFromSite } from "./history.ts";
import { findParts } from "./player/parts.ts";
import { Peek } from "./player/peek.ts";
import { Player, type Words } from "./player/player.ts";
import { bindReplay } from "./replay/replay.ts";
import { placeToResume } from "./replay/resuming.ts";
import { beat } from "./watch/beat.ts";
import { expect } from "./watch/expecting.ts";
import { Handouts } from "./watch/handouts.ts";
import { follow } from "./watch/poll.ts";
import { Polls } from "./watch/polls.ts";
import { Questions } from "./watch/questions.ts";
import { Room } from "./watch/room.ts";
import { SoFar } from "./watch/so_far.ts";

const element = document.querySelector<HTMLElement>("[data-room]");
if (element) {
  const words = JSON.parse(element.dataset["words"] ?? "{}") as Words;
  const parts = findParts(element);
  const player = new Player(parts, words, element.dataset["engine"] ?? "");
  bindControls(player, parts, new Captions(parts, player), words);
  new Peek(parts);
  takePlaceFromSite(element);
  player.resumeAt = placeToResume(element);
  keepOnSite(parts.video);
  const room = new Room(element, parts, player, words);
  bindReplay(element, parts.video, player, (second) => room.go(second));
  expect(element, parts, player);
  const audience = element.dataset["audience"];
  const typed = audience?.replace(/audience$/, "captions/live");
  if (typed) new LiveCaptions(typed, parts, player, words["typed_live"] ?? "");
  const list = element.querySelector<HTMLElement>("[data-questions]");
  const poll = element.querySelector<HTMLElement>("[data-poll]");
  const chapters = element.querySelector<HTMLElement>("[data-so-far]");
  const questions = list && new Questions(list);
  const soFar = chapters && new SoFar(chapters, player);
  const offered = element.querySelector<HTMLElement>("[data-handouts]");
  const polls = poll && new Polls(poll);
  if (audience) follow(audience, { room, questions, polls, soFar, handouts: offered && new Handouts(offered) }); // a talk that is held has none
  bindAsking(element);
  beat(`${element.dataset["audience"] ?? ""}/beat`, element.dataset["token"] ?? "", room);
}
