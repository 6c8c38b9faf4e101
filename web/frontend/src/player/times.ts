/** Write a position as a clock: 65 → "1:05", 3725 → "1:02:05". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(rest).padStart(2, "0")}`;
  if (hours === 0) return `${minutes}:${tail}`;
  return `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
}

/** Fill the `{name}` places of a translated sentence. */
export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Read the second that a link into a replay names, `#t=754` or `?t=754`; null when it names none. */
export function linkedSecond({ hash, search }: { hash: string; search: string }): number | null {
  for (const part of [hash.slice(1), search.slice(1)]) {
    const text = new URLSearchParams(part).get("t");
    if (text !== null && /^\d{1,6}(\.\d+)?$/.test(text)) return Number(text);
  }
  return null;
}
