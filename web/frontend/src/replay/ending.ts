/** When a recording has been played to its end, offer what is next: the first of the related livestreams. */
export function offerNext(room: HTMLElement, video: HTMLVideoElement): void {
  const next = room.querySelector<HTMLAnchorElement>("[data-next]");
  const player = room.querySelector("[data-part=player]");
  const related = room.querySelector<HTMLAnchorElement>("[aria-labelledby=related-h] .session-card__title a[href]");
  if (!next || !player || !related) return;
  next.href = related.href;
  const title = next.querySelector("[data-title]");
  if (title) title.textContent = related.textContent.trim();
  const show = (over: boolean) => {
    next.hidden = !over;
    player.classList.toggle("player--ended", over);
  };
  video.addEventListener("ended", () => show(/^(replay|review)$/.test(room.dataset["phase"] ?? "")));
  for (const event of ["playing", "seeking"]) video.addEventListener(event, () => show(false));
}
