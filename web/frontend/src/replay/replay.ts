import type { Player } from "../player/player.ts";
import { offerNext } from "./ending.ts";
import { followRecording } from "./following.ts";
import { offerResuming } from "./resuming.ts";
import { offerSharing } from "./sharing.ts";
import { bindTranscript } from "./transcript.ts";

/** What a replay offers besides its player. */
export function bindReplay(
  room: HTMLElement,
  video: HTMLVideoElement,
  player: Player,
  go: (second: number) => void,
): void {
  bindTranscript(room, followRecording(room, video, go).lists);
  offerResuming(room, video, player, go);
  offerSharing(room, video, player);
  offerNext(room, video);
}
