/** What a person chose for all videos, kept on the device alone. */
export interface Choices {
  volume: number;
  muted: boolean;
  rate: number;
  /** Language of captions, `off`, or `""` for those that suit the page. */
  captions: string;
  /** Height of the picture in lines, 0 to leave it to the connection. */
  height: number;
  sound: boolean;
  /** Whether to save data; null until somebody says, then the device's own wish counts. */
  save: boolean | null;
}

const KEY = "player";
const DEFAULTS: Choices = {
  volume: 1,
  muted: false,
  rate: 1,
  captions: "",
  height: 0,
  sound: false,
  save: null,
};

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
  const { captions, save } = stored;
  return {
    volume: between(stored.volume, 0, 1, DEFAULTS.volume),
    muted: stored.muted === true,
    rate: between(stored.rate, 0.5, 2, DEFAULTS.rate),
    captions: typeof captions === "string" && /^[A-Za-z-]{0,12}$/.test(captions) ? captions : "",
    height: between(stored.height, 0, 4320, DEFAULTS.height),
    sound: stored.sound === true,
    save: typeof save === "boolean" ? save : null,
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

/** Whether the device asks to save data: its own setting, or that of its browser. */
export function deviceSaves(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
}
