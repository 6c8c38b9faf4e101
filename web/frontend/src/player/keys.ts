/** What a key does to the player; `null` for keys that are none of its business. */
export type Act =
  | { do: "toggle" | "mute" | "full" | "start" | "live" | "keys" | "captions" }
  | { do: "seek"; by: number }
  | { do: "rate" | "chapter"; step: 1 | -1 };

const ACTS: Record<string, Act> = {
  k: { do: "toggle" },
  " ": { do: "toggle" },
  j: { do: "seek", by: -10 },
  l: { do: "seek", by: 10 },
  ArrowLeft: { do: "seek", by: -5 },
  ArrowRight: { do: "seek", by: 5 },
  m: { do: "mute" },
  f: { do: "full" },
  Home: { do: "start" },
  End: { do: "live" },
  "<": { do: "rate", step: -1 },
  ">": { do: "rate", step: 1 },
  c: { do: "captions" },
  "[": { do: "chapter", step: -1 },
  "]": { do: "chapter", step: 1 },
  "【": { do: "chapter", step: -1 }, // the same keys on a Chinese keyboard
  "】": { do: "chapter", step: 1 },
  "?": { do: "keys" },
};

const OWN_KEYS: Record<string, RegExp> = {
  button: /^[ ]$/,
  range: /^(Arrow.*|Home|End|Page.*)$/,
  checkbox: /^[ ]$/,
  select: /./,
  text: /./,
  list: /^(Arrow(Up|Down)|Home|End|Page.*| )$/,
};

/** Return what `key` does while a control of `kind` has the focus; that control's own keys stay its own. */
export function actOf(key: string, kind: string, modified: boolean): Act | null {
  if (modified || OWN_KEYS[kind]?.test(key)) return null;
  return ACTS[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

/** Say which kind of control an element is, for {@link actOf}. */
export function kindOf(element: EventTarget | null): string {
  if (!(element instanceof HTMLElement)) return "";
  if (element.matches("[data-transcript]")) return "list"; // it scrolls
  if (element instanceof HTMLButtonElement || element instanceof HTMLAnchorElement) return "button";
  if (element.localName === "summary") return "button"; // Space opens and closes what it names
  if (element instanceof HTMLSelectElement) return "select";
  if (element instanceof HTMLInputElement)
    return element.type === "range" || element.type === "checkbox" ? element.type : "text";
  return element instanceof HTMLTextAreaElement || element.isContentEditable ? "text" : "";
}
