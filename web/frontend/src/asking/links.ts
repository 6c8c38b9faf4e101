/** Secret links of this tab, by livestream: sessionStorage, so that they end with the tab. */
export type Links = Record<string, string>;

const KEY = "questions:";
const PATH = /^(\/zh)?\/questions\/[\w-]+$/;

export function links(livestream: string): Links {
  try {
    return JSON.parse(sessionStorage.getItem(KEY + livestream) ?? "{}") as Links;
  } catch {
    return {}; // storage is forbidden, or holds something else
  }
}

export function remember(livestream: string, question: string, path: string): void {
  if (!livestream || !question || !PATH.test(path)) return;
  try {
    sessionStorage.setItem(KEY + livestream, JSON.stringify({ ...links(livestream), [question]: path }));
  } catch {
    // storage is forbidden: the link stands on the page
  }
}

/** Quick exit clears them. */
export function forgetLinks(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEY)) sessionStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}
