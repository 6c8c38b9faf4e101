/* The claim: when the hold is over the page says so, once and politely. No countdown. */

const LONGEST_WAIT = 2 ** 31 - 1; // milliseconds; browsers count no further

export function untilOver(until: string, now: number): number {
  const left = Date.parse(until) - now;
  return Math.min(Math.max(left, 0), LONGEST_WAIT);
}

export function watchHold(notice: HTMLElement): void {
  const words = notice.querySelector("span");
  const { until, over } = notice.dataset;
  if (!words || !until || !over) return;
  notice.setAttribute("role", "status");
  window.setTimeout(() => {
    words.textContent = over;
    notice.classList.replace("notice--now", "notice--plain");
  }, untilOver(until, Date.now()));
}

const hold = typeof document === "undefined" ? null : document.getElementById("held");
if (hold) watchHold(hold);
