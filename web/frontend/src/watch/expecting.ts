import { expectEngine, fetchEngine } from "../player/engine.ts";
import type { Parts } from "../player/parts.ts";
import type { Player } from "../player/player.ts";

/** Have the engine at hand by the time somebody presses play, unless data is to be saved. */
export function expect(element: HTMLElement, { join }: Parts, player: Player): void {
  const url = element.dataset["engine"] ?? "";
  if (!player.saving) expectEngine(url);
  for (const event of ["pointerenter", "focus"])
    join.addEventListener(event, () => void fetchEngine(url), { once: true });
}
