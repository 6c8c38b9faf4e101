import type { Parts } from "./parts.ts";
import type { Words } from "./player.ts";

/**
 * Fill the window, or give it back to the page.
 *
 * Not the screen: the browser's full screen would hide crisis help on some phones. What lies behind is set aside
 * meanwhile: the focus would go where nobody sees it.
 */
export function fillWindow({ root, full }: Parts, words: Words, filled: boolean): void {
  root.classList.toggle("player--full", filled);
  document.documentElement.classList.toggle("filled", filled);
  full.setAttribute("aria-label", words[filled ? "shrink" : "full"] ?? "");
  for (let one: Element = root; one.parentElement && one !== document.body; one = one.parentElement)
    for (const other of one.parentElement.children) {
      const isBehind = other instanceof HTMLElement && other !== one && other.popover === null;
      if (isBehind) other.inert = filled; // a window that opens over the player stays in use
    }
  if (filled && !root.contains(document.activeElement)) full.focus();
}

/** Tell whether the player fills the window now. */
export function fillsWindow({ root }: Parts): boolean {
  return root.classList.contains("player--full");
}
