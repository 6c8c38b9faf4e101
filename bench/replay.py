"""Promise 3: from End to the replay in a browser, for a short and a ten times longer broadcast."""

import time
from dataclasses import dataclass

from bench.answers import compare_answers, decoding_errors, probe
from bench.broadcast import Broadcast, Crew, make_crew, schedule
from bench.browser import Watcher, chromium, watcher
from bench.encoder import Encoder
from bench.figures import Figure, at_most
from bench.house import House, house
from bench.lengths import length
from bench.listings import digests, read_listed, stored_digests, wrong
from bench.polls import Poller

TIMES = 10


@dataclass
class Ending:
    """What was measured at the end of a broadcast; ``open`` and ``fresh`` pages in seconds."""

    open: float
    fresh: float
    segments: int
    changed: list[str]
    wrong: list[str]
    playlists: int
    findings: list[str]


def measure() -> list[Figure]:
    short = length("REPLAY_SECONDS", 12, 12)
    long = short * length("REPLAY_TIMES", TIMES, 4)
    with house() as site:
        crew = make_crew(site)
        one, other = watched(site, crew, short), watched(site, crew, long)
        across = edge_figures(site, crew)
    return [
        *ending_figures(f"{short:g} s", one),
        *ending_figures(f"{long:g} s", other),
        at_most(3, "difference, open page", abs(one.open - other.open), "s", 1),
        at_most(3, "difference, fresh page", abs(one.fresh - other.fresh), "s", 1),
        *across,
    ]


def ending_figures(name: str, one: Ending) -> list[Figure]:
    count = f"of {one.segments} segments"
    return [
        at_most(3, f"{name}: End to replay, page open since live", one.open, "s", 5),
        at_most(3, f"{name}: End to replay, fresh page", one.fresh, "s", 5),
        at_most(3, f"{name}: changed by the end", len(one.changed), "", 0, count),
        at_most(3, f"{name}: not as their row says", len(one.wrong), "", 0, count),
        at_most(
            6, f"{name}: findings", len(one.findings), "", 0,
            f"in {one.playlists} playlists {one.findings[:3] or ''}",
        ),
    ]  # fmt: skip


def watched(site: House, crew: Crew, seconds: float) -> Ending:
    """Run two broadcasts side by side: each kind of page needs an End of its own."""
    shows = [schedule(site, crew), schedule(site, crew)]
    encoders = [Encoder(show.push_url) for show in shows]
    try:
        with chromium() as browser:
            pages = [watcher(browser, show.page) for show in shows]
            return follow(shows[0], shows[1], pages[0], pages[1], seconds)
    finally:
        for encoder in encoders:
            encoder.stop()


def follow(
    one: Broadcast, other: Broadcast, page: Watcher, fresh: Watcher, seconds: float
) -> Ending:
    print(f"plays at {one.master} and {other.master}", flush=True)
    began = time.monotonic()
    poller = Poller(one)
    poller.start()
    page.open()
    page.play()
    first = page.look().clock
    fresh.page.goto("about:blank")
    page.page.wait_for_timeout(max(0.0, seconds - (time.monotonic() - began)) * 1000)
    listed = read_listed(one)
    urls = listed.inits() + listed.segments()
    before = digests(one.site, urls)
    open_took = end_seen_by(one, page, first)
    page.page.goto("about:blank")
    fresh_took = end_seen_fresh(other, fresh)
    poller.stop()
    after = digests(one.site, urls)
    kept = read_listed(one).segments()
    changed = [url for url in urls if before[url] != after[url]]
    changed += [url for url in listed.segments() if url not in kept]
    mistaken = wrong(digests(one.site, kept), stored_digests(one))
    return Ending(
        open_took, fresh_took, len(kept), changed, mistaken, poller.count, poller.findings()
    )


def end_seen_by(broadcast: Broadcast, page: Watcher, first: int) -> float:
    """Return the seconds from End until a page that played all the time plays from the start.

    End comes just after the page has asked for the state: the worst moment, and always the same.
    """
    with page.page.expect_response(lambda answer: "/audience" in answer.url):
        pass
    began = time.monotonic()
    broadcast.end()
    page.wait(lambda sight: sight.phase == "replay" and bool(sight.join), "the replay")
    page.press()
    seen = page.wait(lambda sight: sight.playing and 0 < sight.clock <= first, "the first minute")
    page.wait(lambda sight: sight.clock > seen.clock, "a moving picture")
    return time.monotonic() - began


def end_seen_fresh(broadcast: Broadcast, page: Watcher) -> float:
    """Return the seconds from End until somebody who comes now plays the replay."""
    began = time.monotonic()
    broadcast.end()
    page.open()
    while page.look().phase != "replay":
        page.page.wait_for_timeout(200)
        page.open()
    print(f"a fresh page offers the replay after {time.monotonic() - began:.2f} s", flush=True)
    return page.play(phase="replay", since=began)


def edge_figures(site: House, crew: Crew) -> list[Figure]:
    """Compare what the edge and the application answer, live and ended; play both with ffmpeg."""
    broadcast = schedule(site, crew)
    encoder = Encoder(broadcast.push_url)
    try:
        print(f"compares {broadcast.master}", flush=True)
        time.sleep(4)
        figures = difference_figures("live", broadcast)
    finally:
        encoder.stop()
    broadcast.end()
    broadcast.wait_published()
    errors = decoding_errors(broadcast.master)
    return [
        *figures,
        *difference_figures("ended", broadcast),
        at_most(6, "ffmpeg's complaints of a replay", len(errors), "", 0, f"{errors[:2] or ''}"),
    ]


def difference_figures(state: str, broadcast: Broadcast) -> list[Figure]:
    kinds = probe(broadcast.master)
    found = [
        at_most(6, f"{state}: {kind}, edge / application", len(what), "", 0, "; ".join(what))
        for kind, what in compare_answers(broadcast).items()
    ]
    whole = kinds == ["audio", "video"]
    return [*found, Figure(6, f"{state}: ffprobe", len(kinds), "streams", "2", whole, f"{kinds}")]
