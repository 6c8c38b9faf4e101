// Fetches hls.js when somebody is about to play: as a script of this site, which the content policy
// asks for, and at most once.
import type Hls from "hls.js";

export type Engine = typeof Hls;

type Held = { mindcastHls?: Engine };

let coming: Promise<Engine | null> | null = null;

/** Whether this browser plays HLS with the engine rather than by itself. */
export function needsEngine(): boolean {
  return "ManagedMediaSource" in window || "MediaSource" in window;
}

/** Fetch the engine from `url`; null where the browser plays by itself, or when it cannot be had. */
export function fetchEngine(url: string): Promise<Engine | null> {
  if (!needsEngine() || url === "") return Promise.resolve(null);
  coming ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve((globalThis as Held).mindcastHls ?? null);
    script.onerror = () => {
      coming = null; // the next press tries again
      script.remove();
      resolve(null);
    };
    document.head.append(script);
  });
  return coming;
}

/** Let the browser fetch the engine when it has nothing else to do, so that a press finds it there. */
export function expectEngine(url: string): void {
  if (!needsEngine() || url === "") return;
  const link = Object.assign(document.createElement("link"), { rel: "prefetch", as: "script", href: url });
  const add = () => document.head.append(link);
  if (document.readyState === "complete") add();
  else window.addEventListener("load", add, { once: true });
}
