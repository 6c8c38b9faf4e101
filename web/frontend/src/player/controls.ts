import type { Captions } from "./captions.ts";
import { neighbour } from "./chapters.ts";
import { fillsWindow, fillWindow } from "./filling.ts";
import { actOf, kindOf, type Act } from "./keys.ts";
import type { Parts } from "./parts.ts";
import type { Player, Words } from "./player.ts";

/** Let a person work the player, with buttons, form elements and keys. */
export function bindControls(player: Player, parts: Parts, captions: Captions, words: Words): void {
  const on = (element: Element, event: string, act: () => void) => element.addEventListener(event, act);
  on(parts.toggle, "click", () => player.toggle());
  on(parts.video, "click", () => player.toggle());
  on(parts.mute, "click", () => player.mute());
  on(parts.volume, "input", () => player.setVolume(Number(parts.volume.value)));
  on(parts.live, "click", () => player.goLive());
  on(parts.full, "click", () => fillWindow(parts, words, !fillsWindow(parts)));
  on(parts.retry, "click", () => player.retry());
  on(parts.rate, "change", () => player.setRate(Number(parts.rate.value)));
  on(parts.quality, "change", () => player.chooseHeight(Number(parts.quality.value)));
  on(parts.sound, "change", () => player.soundOnly(parts.sound.checked));
  on(parts.save, "change", () => player.saveData(parts.save.checked));
  bindSeek(player, parts.seek);
  document.addEventListener("keydown", (event) => {
    if (document.querySelector(":popover-open") && event.key !== "?") return; // keys belong to what is open
    if (event.key === "Escape" && fillsWindow(parts)) fillWindow(parts, words, false);
    if (!player.started) return;
    const act = actOf(event.key, kindOf(event.target), event.ctrlKey || event.altKey || event.metaKey);
    if (!act) return;
    event.preventDefault();
    if (act.do === "captions") captions.toggle();
    else perform(act, player, parts, words);
  });
}

function bindSeek(player: Player, seek: HTMLInputElement): void {
  seek.addEventListener("input", () => {
    seek.dataset["held"] = ""; // the thumb stays where it is held while the video plays on
  });
  seek.addEventListener("change", () => {
    delete seek.dataset["held"];
    player.seekTo(Number(seek.value));
  });
}

function perform(act: Act, player: Player, parts: Parts, words: Words): void {
  if (act.do === "seek") player.seekBy(act.by);
  else if (act.do === "rate") stepRate(act.step, player, parts);
  else if (act.do === "chapter") stepChapter(act.step, player, parts);
  else if (act.do === "toggle") player.toggle();
  else if (act.do === "mute") player.mute();
  else if (act.do === "full") fillWindow(parts, words, !fillsWindow(parts));
  else if (act.do === "start") player.seekTo(player.first);
  else if (act.do === "live") player.goLive();
  else parts.keys.togglePopover();
}

function stepChapter(step: 1 | -1, player: Player, { chapters, video }: Parts): void {
  const second = neighbour(chapters, video.currentTime, step);
  if (second !== null) player.seekTo(second);
}

function stepRate(step: 1 | -1, player: Player, { rate }: Parts): void {
  const next = rate.options[rate.selectedIndex + step];
  if (!next || rate.disabled) return;
  rate.value = next.value;
  player.setRate(Number(next.value));
}
