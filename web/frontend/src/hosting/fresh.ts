const GONE = new Set([401, 403, 404]);

/**
 * Fetch the parts of `desk` from `address` again and again, and replace those that have changed. An event
 * `stale` at `desk` says that they have.
 */
export function keepFresh(desk: HTMLElement, address: string, everyMs: number): void {
  const shown = new Map(parts(desk).map((part) => [part.id, part.innerHTML]));
  const look = async (): Promise<void> => {
    const answer = document.hidden ? null : await ask(address);
    if (answer && GONE.has(answer.status)) return location.reload(); // the page itself says why
    if (answer?.ok) replace(shown, await answer.text());
  };
  const refresh = (): void => void look().then(() => setTimeout(refresh, everyMs));
  setTimeout(refresh, everyMs);
  desk.addEventListener("stale", () => void look());
}

async function ask(address: string): Promise<Response | null> {
  try {
    return await fetch(address, { cache: "no-store" });
  } catch {
    return null; // the connection is away; the next time may be better
  }
}

function replace(shown: Map<string, string>, text: string): void {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of parts(fresh)) {
    const present = document.getElementById(part.id);
    if (!present || shown.get(part.id) === part.innerHTML) continue;
    present.hidden = part.hidden; // a part with nothing to say is there all the same
    shown.set(part.id, part.innerHTML);
    swap(present, part.innerHTML);
  }
}

/** Put new contents in place; what was unfolded stays so, and the focus stays where it was. */
function swap(part: HTMLElement, html: string): void {
  const open = [...part.querySelectorAll("details[open]")].map((one) => one.id);
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  part.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (!focused) return;
  const again = focused.id ? document.getElementById(focused.id) : null;
  (again ?? part).focus(); // what is no longer there leaves the focus at its part
}

function parts(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-fresh]")];
}
