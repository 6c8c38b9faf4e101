// The keys that turn slides; hand-held clickers send them as well.

export type Turn = "next" | "previous" | "first" | "last";

const TURNS: Record<string, Turn> = {
  PageDown: "next",
  ArrowRight: "next",
  PageUp: "previous",
  ArrowLeft: "previous",
  Home: "first",
  End: "last",
};

/** Return what a key does to the slides, null for nothing; keys belong to what is typed or chosen in. */
export function turnOf(key: string, inField: boolean, modified: boolean): Turn | null {
  return inField || modified ? null : (TURNS[key] ?? null);
}

/** Tell whether an element uses the arrow keys itself. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof Element
    && target.closest("input, textarea, select, video, audio, [contenteditable], [role=tablist], [role=menu], [role=radiogroup]") !== null;
}

/** What {@link bindSlideKeys} turns. */
export interface Turned {
  page: number;
  count: number;
  go(number: number): Promise<void>;
}

/** Let keys turn the slides while `active`; `failed` is told what a page could not be drawn for. */
export function bindSlideKeys(slides: Turned, active: () => boolean, failed: (fault: unknown) => void): void {
  document.addEventListener("keydown", (event) => {
    const turn = turnOf(event.key, isField(event.target), event.ctrlKey || event.altKey || event.metaKey);
    if (!turn || !active() || event.defaultPrevented) return;
    event.preventDefault();
    slides.go(numberAfter(turn, slides)).catch(failed);
  });
}

/** Return the page that a turn leads to. */
export function numberAfter(turn: Turn, { page, count }: Pick<Turned, "page" | "count">): number {
  return { next: page + 1, previous: page - 1, first: 1, last: count }[turn];
}
