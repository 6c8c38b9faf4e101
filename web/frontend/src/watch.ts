// The page of one livestream, before, during and after it.
import { Captions } from "./player/captions.ts";
import { bindControls } from "./player/controls.ts";
import { findParts } from "./player/parts.ts";
import { Peek } from "./player/peek.ts";
import { Player, type Words } from "./player/player.ts";
import { expect } from "./watch/expecting.ts";
import { followRecording } from "./watch/recording.ts";
import { follow } from "./watch/poll.ts";
import { Room } from "./watch/room.ts";

const element = document.querySelector<HTMLElement>("[data-room]");
if (element) {
  const words = JSON.parse(element.dataset["words"] ?? "{}") as Words;
  const parts = findParts(element);
  const player = new Player(parts, words, element.dataset["engine"] ?? "");
  bindControls(player, parts, new Captions(parts, player), words);
  new Peek(parts);
  const room = new Room(element, parts, player, words);
  followRecording(element, parts, (second) => room.go(second));
  expect(element, parts, player);
  follow(element.dataset["audience"] ?? "", room);
}
