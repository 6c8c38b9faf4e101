// The meter of the microphone: eyes see it move, ears are told its level when they ask.
import { fill } from "./facts.ts";
import type { View } from "./view.ts";

const EVERY_MS = 80;
const SPOKEN_MS = 2_000;

/** Show `level` (0 to 1) from now on. */
export function showLevel(view: View, level: () => number): void {
  const meter = view.part("level");
  if (!meter) return;
  const bars = [...meter.children];
  let [loudest, spoken] = [0, 0];
  setInterval(() => {
    const now = Math.min(1, Math.max(0, level()));
    loudest = Math.max(now, loudest * 0.9);
    const lit = Math.round(loudest * bars.length);
    bars.forEach((bar, index) => bar.classList.toggle("on", index < lit));
    if (performance.now() - spoken < SPOKEN_MS) return;
    spoken = performance.now();
    meter.setAttribute("aria-label", fill(view.word("level"), { level: Math.round(loudest * 10) }));
  }, EVERY_MS);
}
