const YEAR_SECONDS = 31_536_000;

/**
 * Tell the server the device's time zone in a cookie; a page that showed other times is drawn again,
 * unless somebody chose a zone on the page of preferences.
 */
export function rememberZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shown = document.documentElement.dataset["zone"];
  if (!/^[\w/+-]+$/.test(zone ?? "") || shown === undefined) return;
  if (cookie("zone") === zone) return; // the server knows the zone: asking again is no use
  document.cookie = `zone=${zone}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  if (cookie("zone_choice") || shown === zone) return;
  if (cookie("zone") === zone && document.querySelector("time, select[name=zone]")) location.reload();
}

function cookie(name: string): string | null {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : null;
}
