// What a key does in the studio. Pure.
import type { Face } from "./faces.ts";

/** A named act of the page, or a layout by its place. */
export type KeyAct = "microphone" | "camera" | "mark" | "next" | "previous" | "keys" | "question" | { layout: number };

const ACTS: Record<string, KeyAct> = {
  m: "microphone",
  v: "camera",
  k: "mark",
  a: "question",
  ArrowRight: "next",
  PageDown: "next",
  ArrowLeft: "previous",
  PageUp: "previous",
  "?": "keys",
};

/** Return what `key` does; a field keeps its keys, and so does a control that uses arrows. */
export function keyAct(key: string, control: string, modified: boolean, face: Face): KeyAct | null {
  if (modified || control === "text" || control === "select") return null;
  if ((control === "radio" || control === "range") && key.startsWith("Arrow")) return null;
  const act = ACTS[key.length === 1 ? key.toLowerCase() : key] ?? layoutOf(key);
  if (face !== "air" && face !== "green") return null;
  return act === "mark" && face !== "air" ? null : act;
}

function layoutOf(key: string): KeyAct | null {
  return /^[1-5]$/.test(key) ? { layout: Number(key) - 1 } : null;
}

/** Say which kind of control has the focus, for {@link keyAct}. */
export function controlOf(element: EventTarget | null): string {
  if (element instanceof HTMLSelectElement) return "select";
  if (element instanceof HTMLTextAreaElement) return "text";
  if (element instanceof HTMLInputElement)
    return ["radio", "range", "checkbox", "button", "submit", "file"].includes(element.type) ? element.type : "text";
  if (element instanceof HTMLVideoElement) return "range";
  return element instanceof HTMLElement && element.isContentEditable ? "text" : "";
}
