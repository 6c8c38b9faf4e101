// Puts fresh parts of a page in place of old ones: focus, what is unfolded, and what is being read stay.

/** Replace the parts of `fresh` that this page has; `selector` says which. `shown` knows what stands there. */
export function swapParts(fresh: ParentNode, selector: string, shown: Map<string, string>, still?: HTMLElement | null): void {
  const before = still?.getBoundingClientRect().top;
  for (const part of fresh.querySelectorAll<HTMLElement>(selector)) {
    const present = document.getElementById(part.id);
    if (!present || shown.get(part.id) === part.innerHTML) continue;
    shown.set(part.id, part.innerHTML);
    swap(present, part.innerHTML);
  }
  const after = still?.isConnected ? still.getBoundingClientRect().top : undefined;
  if (before !== undefined && after !== undefined && after !== before) window.scrollBy(0, after - before);
}

function swap(part: HTMLElement, html: string): void {
  const scroller = part.closest<HTMLElement>("[data-scrolls]") ?? part;
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const anchor = anchorOf(scroller, focused);
  const from = anchor?.getBoundingClientRect().top ?? 0;
  part.innerHTML = html;
  const again = anchor?.id ? document.getElementById(anchor.id) : null;
  if (again) scroller.scrollTop += again.getBoundingClientRect().top - from;
  if (!focused) return;
  const stays = focused.id ? document.getElementById(focused.id) : null;
  (stays ?? part).focus({ preventScroll: true });
}

/** What must not move in a list: what has the focus, what is open, or the first line that can be seen. */
function anchorOf(scroller: HTMLElement, focused: Element | null): Element | null {
  const top = scroller.getBoundingClientRect().top;
  const seen = [...scroller.querySelectorAll("[id]")].find((one) => one.getBoundingClientRect().bottom > top);
  return focused ?? scroller.querySelector("[aria-current][id]") ?? seen ?? null;
}
