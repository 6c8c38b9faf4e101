// What a device check tells the server. Pure.

/** Return a track's picture as "1280x720@30"; empty without one. */
export function cameraFact(settings: MediaTrackSettings | undefined): string {
  if (!settings?.width || !settings.height) return "";
  return `${settings.width}x${settings.height}@${Math.round(settings.frameRate ?? 0)}`;
}

const BROWSERS: [RegExp, string][] = [
  [/Edg\/(\d+)/, "Edge"],
  [/OPR\/(\d+)/, "Opera"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/Chrome\/(\d+)/, "Chromium"],
  [/Version\/(\d+)[.\d]* (?:Mobile\/\w+ )?Safari/, "Safari"],
];

/** Return a browser's name and number, "Firefox 145"; nothing that tells people apart. */
export function browserFact(agent: string): string {
  for (const [pattern, name] of BROWSERS) {
    const found = pattern.exec(agent);
    if (found) return `${name} ${found[1]}`;
  }
  return "other";
}
