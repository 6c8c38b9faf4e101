"""Issue 6, promise 5: from a cut to viewers who do not see it any more, through the edge."""

import sys
import time
from dataclasses import dataclass
from urllib.parse import urljoin

from bench.broadcast import Broadcast, make_crew, schedule, wait_for
from bench.encoder import Encoder
from bench.figures import Figure, at_least, at_most
from bench.house import House, house
from bench.lengths import length
from media import hls

OK, NOT_FOUND = 200, 404
CUT_SECONDS = 4
ISSUE = 5  # the promise of the issue


@dataclass
class Seen:
    """What a viewer saw after a cut; times in seconds after its answer was there."""

    shorter: float
    refused: float
    kept: int
    findings: list[str]


def measure() -> list[Figure]:
    with house() as site:
        broadcast = schedule(site, make_crew(site))
        encoder = Encoder(broadcast.push_url)
        try:
            wait_for(lambda: broadcast.master, 60, "a playlist")
            time.sleep(length("TRIM_SECONDS", 30, 20))
        finally:
            encoder.stop()
        broadcast.end()
        broadcast.wait_published()
        cut = follow(site, broadcast, "POST", CUT_SECONDS)
        back = follow(site, broadcast, "DELETE", 0)
    return [*figures("cut", cut), *figures("undone", back)]


def figures(name: str, seen: Seen) -> list[Figure]:
    return [
        at_most(ISSUE, f"{name}: playlist of every quality says so", seen.shorter, "s", 10),
        at_most(ISSUE, f"{name}: what the edge had kept of it answers so", seen.refused, "s", 10),
        at_least(ISSUE, f"{name}: segments that are shown", seen.kept, "", 10),
        at_most(
            ISSUE, f"{name}: findings", len(seen.findings), "", 0, f"{seen.findings[:3] or ''}"
        ),
    ]


def follow(site: House, broadcast: Broadcast, method: str, seconds: float) -> Seen:
    """Load all of a replay, cut it or undo that, and ask like a viewer until it is to be seen."""
    before = playlists(site, broadcast)
    first = {url: site.get(one).status for url in before for one in segments(url, before[url])[:2]}
    if set(first.values()) - {OK}:
        sys.exit("a segment of the replay could not be loaded")
    path = f"/api/v1/livestreams/{broadcast.livestream_id}/trim"
    body = {"start_seconds": seconds} if seconds else None
    answer = site.send(method, path, body=body, token=broadcast.token)
    if answer.status != OK:
        sys.exit(f"{method} {path}: {answer.status} {answer.body!r}")
    began = time.monotonic()
    wait_for(lambda: has_changed(site, broadcast, before), 60, "other playlists")
    shorter = time.monotonic() - began
    gone = sorted(every(before) - every(playlists(site, broadcast))) or []
    wanted = NOT_FOUND if method == "POST" else OK
    asked = gone if method == "POST" else sorted(every(playlists(site, broadcast)) - every(before))
    wait_for(lambda: {site.get(one).status for one in asked} == {wanted}, 60, "the segments")
    refused = time.monotonic() - began
    after = playlists(site, broadcast)
    kept = min(len(segments(url, text)) for url, text in after.items())
    findings = [str(one) for text in after.values() for one in hls.check_playlist(text)]
    findings += [str(one) for one in hls.check_renditions(after)]
    return Seen(shorter, refused, kept, findings)


def playlists(site: House, broadcast: Broadcast) -> dict[str, str]:
    """Return every media playlist that the master names, by its address."""
    master = broadcast.master
    uris = hls.parse_master(site.get(master).body.decode()).uris()
    return {url: site.get(url).body.decode() for url in (urljoin(master, uri) for uri in uris)}


def segments(url: str, text: str) -> list[str]:
    """Return the addresses of the segments of a playlist."""
    return [urljoin(url, one.uri) for one in hls.parse_media_playlist(text).segments]


def every(texts: dict[str, str]) -> set[str]:
    """Return the addresses of all segments of all playlists."""
    return {one for url, text in texts.items() for one in segments(url, text)}


def has_changed(site: House, broadcast: Broadcast, before: dict[str, str]) -> bool:
    """Tell whether no playlist is as it was."""
    return all(text != before.get(url) for url, text in playlists(site, broadcast).items())
