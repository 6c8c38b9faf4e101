/** What a person chose for all videos, kept on the device alone. */
export interface Choices {
  volume: number;
  muted: boolean;
  rate: number;
}

const KEY = "player";
const DEFAULTS: Choices = { volume: 1, muted: false, rate: 1 };

/** Read the choices; a value that makes no sense becomes its default. */
export function readChoices(text: string | null): Choices {
  let stored: Partial<Record<keyof Choices, unknown>> = {};
  try {
    stored = (JSON.parse(text ?? "{}") ?? {}) as typeof stored;
  } catch {
    return { ...DEFAULTS };
  }
  const between = (value: unknown, low: number, high: number, otherwise: number) =>
    typeof value === "number" && value >= low && value <= high ? value : otherwise;
  return {
    volume: between(stored.volume, 0, 1, DEFAULTS.volume),
    muted: stored.muted === true,
    rate: between(stored.rate, 0.5, 2, DEFAULTS.rate),
  };
}

/** Return the choices kept on this device. */
export function recallChoices(): Choices {
  try {
    return readChoices(localStorage.getItem(KEY));
  } catch {
    return { ...DEFAULTS };
  }
}

/** Keep the choices on this device, when it allows that. */
export function keepChoices(choices: Choices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Storage is forbidden: the choice holds for this page.
  }
}
