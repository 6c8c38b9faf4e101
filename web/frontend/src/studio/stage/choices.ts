// Which camera and microphone a person chose in this browser.
import type { DeviceKind } from "./types.ts";

/** The label counts when a browser gives its devices new ids, as some do at every visit. */
export interface Remembered {
  id: string;
  label: string;
}

export type Choices = Partial<Record<DeviceKind, Remembered>>;

const KEY = "studio.devices";
const LONGEST = 300;

/** Read what was kept; what makes no sense is left out. */
export function readChoices(text: string | null): Choices {
  let kept: Record<string, unknown> = {};
  try {
    kept = (JSON.parse(text ?? "{}") ?? {}) as typeof kept;
  } catch {
    return {};
  }
  const found: Choices = {};
  for (const kind of ["camera", "microphone"] as const) {
    const one = kept[kind] as Partial<Record<keyof Remembered, unknown>> | null | undefined;
    if (isText(one?.id) && isText(one.label)) found[kind] = { id: one.id, label: one.label };
  }
  return found;
}

/** Return the id among `devices` that is meant: the same id, else the same label, else none. "default" is
 * not one device: it stands for whichever the system prefers today. */
export function match(wanted: Remembered | undefined, devices: readonly Remembered[]): string | null {
  if (!wanted) return null;
  const same = devices.find((one) => one.id === wanted.id && (one.id !== "default" || one.label === wanted.label))
    ?? devices.find((one) => one.label !== "" && one.label === wanted.label);
  return same?.id ?? null;
}

/** Return the choices of this browser. */
export function recallChoices(): Choices {
  try {
    return readChoices(localStorage.getItem(KEY));
  } catch {
    return {}; // storage may be forbidden
  }
}

/** Keep one choice in this browser, beside the other. */
export function keepChoice(kind: DeviceKind, chosen: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...recallChoices(), [kind]: chosen }));
  } catch {
    // it is asked again next time
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST;
}
