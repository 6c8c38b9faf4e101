// The page of one livestream, before, during and after it.
import { bindControls } from "./player/controls.ts";
import { findParts } from "./player/parts.ts";
import { Player, type Words } from "./player/player.ts";
import { follow } from "./watch/poll.ts";
import { Room } from "./watch/room.ts";

const element = document.querySelector<HTMLElement>("[data-room]");
if (element) {
  const words = JSON.parse(element.dataset["words"] ?? "{}") as Words;
  const parts = findParts(element);
  const player = new Player(parts, words);
  bindControls(player, parts, words);
  follow(element.dataset["audience"] ?? "", new Room(element, parts, player, words));
}
