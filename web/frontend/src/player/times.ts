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

/** Read the `t` of a link into a replay, in seconds; null when there is none that makes sense. */
export function linkedSecond(search: string): number | null {
  const text = new URLSearchParams(search).get("t");
  if (text === null || !/^\d{1,6}(\.\d+)?$/.test(text)) return null;
  return Number(text);
}
