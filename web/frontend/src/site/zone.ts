const YEAR_SECONDS = 31_536_000;

/** Tell the server the device's time zone in a cookie; a page that showed other times is drawn again. */
export function rememberZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shown = document.documentElement.dataset["zone"];
  if (!/^[\w/+-]+$/.test(zone ?? "") || shown === undefined || shown === zone) return;
  if (cookieZone() === zone) return; // the server knows the zone and does not have it: asking again is no use
  document.cookie = `zone=${zone}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  if (cookieZone() === zone && document.querySelector("time")) location.reload();
}

function cookieZone(): string | null {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith("zone="));
  return found ? found.slice("zone=".length) : null;
}
