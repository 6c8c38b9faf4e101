/** The grid of hours by arrow keys: one stop for Tab, space ticks as in any box. */

const WIDE = "(min-width: 62rem)";

/** Return where an arrow leads among columns of boxes; a step over the edge stays. */
export function step(at: [number, number], key: string, isWide: boolean): [number, number] {
  const [day, box] = at;
  const moves: Record<string, [number, number]> = isWide
    ? { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    : { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const move = moves[key];
  return move ? [day + move[0], box + move[1]] : at;
}

function columnsOf(grid: HTMLElement): HTMLInputElement[][] {
  return [...grid.querySelectorAll<HTMLElement>("[role=group]")].map((day) =>
    [...day.querySelectorAll<HTMLInputElement>("input[type=checkbox]")].filter((box) => box.offsetParent !== null),
  );
}

function placeOf(columns: HTMLInputElement[][], box: EventTarget | null): [number, number] | null {
  const day = columns.findIndex((column) => column.includes(box as HTMLInputElement));
  return day < 0 ? null : [day, columns[day]?.indexOf(box as HTMLInputElement) ?? 0];
}

function onKey(grid: HTMLElement, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const columns = columnsOf(grid);
  const at = placeOf(columns, event.target);
  if (!at) return;
  const last = (columns[at[0]]?.length ?? 1) - 1;
  const ends: Record<string, [number, number]> = { Home: [at[0], 0], End: [at[0], last] };
  const [day, box] = ends[event.key] ?? step(at, event.key, matchMedia(WIDE).matches);
  const target = columns[day]?.[box];
  if (!target || target === event.target) return;
  event.preventDefault();
  target.focus();
}

/** Leave one box in the order of Tab: the one that has or had the focus. */
function rove(grid: HTMLElement, stop: Element | null): void {
  for (const box of grid.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
    box.tabIndex = box === stop ? 0 : -1;
  }
}

function firstStop(grid: HTMLElement): HTMLInputElement | null {
  const shown = columnsOf(grid).flat();
  return shown.find((box) => box.checked) ?? shown[0] ?? null;
}

export function setUpHours(): void {
  const grid = document.querySelector<HTMLElement>("[data-hours]");
  if (!grid) return;
  rove(grid, firstStop(grid));
  grid.addEventListener("keydown", (event) => onKey(grid, event));
  grid.addEventListener("focusin", (event) => {
    if ((event.target as Element).matches("input[type=checkbox]")) rove(grid, event.target as Element);
  });
  document.querySelector<HTMLInputElement>("[name=night]")?.addEventListener("change", () => rove(grid, firstStop(grid)));
  document.querySelector<HTMLElement>("[data-hours-keys]")?.removeAttribute("hidden");
}

setUpHours();
