import { clock, fill } from "../player/times.ts";
import type { Player } from "../player/player.ts";

const FROM = 5; // seconds from which on a link names where it begins

/** Let a person hand on a link to the second she is at: with the device's own sheet, else by copying it. */
export function offerSharing(room: HTMLElement, video: HTMLVideoElement, player: Player): void {
  const link = room.querySelector<HTMLAnchorElement>("[data-share]");
  if (!link) return;
  const words = JSON.parse(link.dataset["share"] ?? "{}") as Record<string, string>;
  const label = link.querySelector("[data-label]");
  const said = room.querySelector("[data-share-said]");
  const page = link.href;
  const draw = () => {
    const second = Math.floor(video.currentTime);
    const named = !player.isLive && player.started && second >= FROM;
    const text = named ? fill(words["share_at"] ?? "", { at: clock(second) }) : (words["share"] ?? "");
    if (label && label.textContent !== text) label.textContent = text;
    link.href = named ? `${page}#t=${second}` : page;
  };
  video.addEventListener("timeupdate", draw);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void hand(link, words["title"] ?? "").then((how) => said && (said.textContent = words[how] ?? ""));
  });
}

/** Hand a link on; say with which sentence that is answered. */
async function hand({ href }: HTMLAnchorElement, title: string): Promise<string> {
  const onTouch = matchMedia("(pointer: coarse)").matches; // on a desk a copied link is what people want
  try {
    if (onTouch && "share" in navigator) {
      await navigator.share({ title, url: href });
      return "";
    }
    await navigator.clipboard.writeText(href);
    return "copied";
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError" ? "" : "by_hand";
  }
}
