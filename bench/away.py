"""Promise 5: the encoder goes away and comes back while a page watches."""

import time
from dataclasses import dataclass, field

from bench.answers import probe
from bench.broadcast import Broadcast, Crew, make_crew, schedule
from bench.browser import Sight, Watcher, chromium, watcher
from bench.clocks import read_clocks
from bench.encoder import Encoder
from bench.figures import RESULTS, Figure, at_least, at_most
from bench.house import House, house
from bench.lengths import QUICK
from bench.listings import read_listed
from bench.polls import Poller

ABSENCES = (1.0, 5.0, 12.0) if QUICK else (1.0, 10.0, 60.0)
WORDS_FROM = 5.0  # seconds; a shorter absence may be over before the page has asked
SETTLE = 8.0
LOOK_MS = 200
BACK = 6.0
MODULO = 2**40


@dataclass
class Absence:
    """One absence and what the page showed from its beginning to some seconds after its end."""

    seconds: float
    sights: list[Sight] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @property
    def words(self) -> set[str]:
        """What the page said while it showed an interruption."""
        return {sight.words for sight in self.sights if sight.phase == "interrupted"} - {""}


def measure() -> list[Figure]:
    with house() as site, chromium() as browser:
        crew = make_crew(site)
        broadcast = schedule(site, crew)
        encoder = Encoder(broadcast.push_url)
        print(f"plays at {broadcast.master}", flush=True)
        poller = Poller(broadcast)
        poller.start()
        page = watcher(browser, broadcast.page)
        page.open()
        page.play()
        absences = []
        for seconds in ABSENCES:
            follow(page, Absence(SETTLE), SETTLE)
            absences.append(leave(broadcast, page, encoder, seconds))
        encoder.stop()
        broadcast.end()
        broadcast.wait_published()
        poller.stop()
        return [
            *(one for number, absence in enumerate(absences, 1)
              for one in absence_figures(absence, number, broadcast)),
            *whole_figures(site, crew, broadcast, page, poller),
        ]  # fmt: skip


def leave(broadcast: Broadcast, page: Watcher, encoder: Encoder, seconds: float) -> Absence:
    """Take the encoder away for some seconds and bring it back."""
    absence = Absence(seconds)
    began = time.monotonic()
    encoder.pause()
    if seconds >= WORDS_FROM:
        follow(page, absence, 4)
        page.shoot(f"away-{seconds:g}-interrupted")
        absence.kinds = probe(broadcast.master)
    follow(page, absence, seconds - (time.monotonic() - began))
    encoder.go()
    follow(page, absence, SETTLE * 2)
    page.shoot(f"away-{seconds:g}-back")
    keep_sights(absence)
    return absence


def follow(page: Watcher, absence: Absence, seconds: float) -> None:
    """Look at the page again and again."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        absence.sights.append(page.look())
        page.page.wait_for_timeout(LOOK_MS)


def keep_sights(absence: Absence) -> None:
    """Keep what the page showed beside the figures, for whoever asks why."""
    lines = [f"{one.now} late {one.late} at {one.at:.2f} {one.phase} {one.ready} {one.playing}"
             for one in absence.sights]  # fmt: skip
    (RESULTS / f"away-{absence.seconds:g}.txt").write_text("\n".join(lines) + "\n")


def absence_figures(absence: Absence, run: int, broadcast: Broadcast) -> list[Figure]:
    name = f"away {absence.seconds:g} s"
    first = read_clocks(broadcast, read_listed(broadcast))[run][0]
    shown = [sight.now % MODULO for sight in absence.sights if sight.clock >= first]
    back = (shown[0] - first) / 1000 if shown else float("inf")
    figures = [at_most(5, f"{name}: first new frame to the page", back, "s", BACK)]
    if absence.seconds >= WORDS_FROM:
        said = "; ".join(sorted(absence.words))
        whole = absence.kinds == ["audio", "video"]
        figures += [
            at_least(5, f"{name}: sentences shown meanwhile", len(absence.words), "", 1, said),
            Figure(6, f"{name}: ffprobe meanwhile", len(absence.kinds), "streams", "2", whole),
        ]
    return figures


def whole_figures(
    site: House, crew: Crew, broadcast: Broadcast, page: Watcher, poller: Poller
) -> list[Figure]:
    """Say what holds over the whole broadcast: one page, one broadcast, one replay, sound rules."""
    parsed = read_listed(broadcast).parsed
    starts = {
        name: [one.run_number for one in playlist.segments] for name, playlist in parsed.items()
    }
    runs = {name: sorted(set(numbers)) for name, numbers in starts.items()}
    aligned = len({tuple(numbers) for numbers in runs.values()})
    findings = poller.findings()
    note = f"in {poller.count} playlists {findings[:3] or ''}"
    every = site.get("/api/v1/livestreams", token=crew.token).json["items"]
    played = [one for one in every if one["playback_url"]]
    return [
        at_most(5, "reloads of the page", int(page.look().mark != 1), "", 0),
        at_most(5, "errors of the page", len(page.errors), "", 0, f"{page.errors[:2] or ''}"),
        at_most(5, "broadcasts with something to play", len(played), "", 1),
        at_most(5, "runs of the renditions that differ", aligned - 1, "", 0, f"{runs}"),
        at_most(6, "findings while away and back", len(findings), "", 0, note),
    ]
