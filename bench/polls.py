"""A poller that reads every playlist of a broadcast as players do, and what the rules say of it."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.broadcast import Broadcast
from bench.listings import renditions_of
from media.hls import check_master, check_polls, check_renditions
from media.hls.parse import parse_media_playlist

EVERY = 0.25  # seconds
OK = 200
SKIP = "?_HLS_skip=YES"


@dataclass
class Poll:
    """Answers of one round: texts by what was asked, and the statuses of what was refused."""

    at: float
    texts: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


class Poller(threading.Thread):
    """Fetches the master and all media playlists, full and as delta updates, until stopped."""

    def __init__(self, broadcast: Broadcast) -> None:
        super().__init__(daemon=True)
        self.polls: list[Poll] = []
        self._broadcast = broadcast
        self._stopping = threading.Event()

    def run(self) -> None:
        """Poll."""
        while not self._stopping.is_set():
            began = time.monotonic()
            self.polls.append(self._round())
            self._stopping.wait(max(0.0, EVERY - (time.monotonic() - began)))

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        self.join(30)

    @property
    def count(self) -> int:
        """How many playlists were read."""
        return sum(len(poll.texts) for poll in self.polls)

    @property
    def refusals(self) -> int:
        """How many answers were no playlist."""
        return sum(len(poll.refused) for poll in self.polls)

    def statuses(self) -> str:
        """Return how often each status other than 200 came; 0 is no answer."""
        seen = Counter(status for poll in self.polls for status in poll.refused.values())
        return ", ".join(f"{count} of {status}" for status, count in sorted(seen.items()))

    def findings(self) -> list[str]:
        """Return every rule that was broken, each once."""
        full = [name for name in self._names() if not name.endswith(SKIP)]
        found = [str(one) for text in set(self._texts("master")) for one in check_master(text)]
        for name in full:
            found += map(str, check_polls(self._texts(name)))
            found += map(str, check_polls(self._with_first_full(name)))
        found += [str(one) for pair in self._pairs(full) for one in check_renditions(pair)]
        return list(dict.fromkeys(found))

    def seconds_until_news(self, since: float, moment: float) -> float:
        """Return when a segment that begins after ``moment`` (wall time) was listed everywhere."""
        for poll in self.polls:
            if poll.at >= since and poll.texts and _all_reach(poll, moment):
                return poll.at - since
        return float("inf")

    def _round(self) -> Poll:
        poll = Poll(time.monotonic())
        self._ask(poll, "master", self._broadcast.master)
        for name in renditions_of(poll.texts.get("master", "")):
            for query in ("", SKIP):
                url = f"{self._broadcast.folder}{name}/index.m3u8{query}"
                self._ask(poll, name + query, url)
        poll.at = time.monotonic()
        return poll

    def _ask(self, poll: Poll, name: str, url: str) -> None:
        try:
            answer = self._broadcast.site.get(url)
        except OSError:
            poll.refused[name] = 0
            return
        if answer.status == OK:
            poll.texts[name] = answer.body.decode()
        else:
            poll.refused[name] = answer.status

    def _names(self) -> list[str]:
        names = {name for poll in self.polls for name in poll.texts}
        return sorted(names - {"master"})

    def _texts(self, name: str) -> list[str]:
        texts = [poll.texts[name] for poll in self.polls if name in poll.texts]
        return [one for number, one in enumerate(texts) if number == 0 or one != texts[number - 1]]

    def _with_first_full(self, name: str) -> list[str]:
        """A player reads the playlist in full once and asks for deltas from then on."""
        return self._texts(name)[:1] + self._texts(name + SKIP)

    def _pairs(self, names: list[str]) -> list[dict[str, str]]:
        seen: dict[tuple[str, ...], dict[str, str]] = {}
        for poll in self.polls:
            texts = {name: poll.texts[name] for name in names if name in poll.texts}
            seen[tuple(texts.values())] = texts
        return list(seen.values())


def _all_reach(poll: Poll, moment: float) -> bool:
    full = [
        text for name, text in poll.texts.items() if name != "master" and not name.endswith(SKIP)
    ]
    return bool(full) and all(_newest(text) >= moment for text in full)


def _newest(text: str) -> float:
    """Return when the last segment of a playlist begins, as wall time."""
    segments = parse_media_playlist(text).segments
    at = segments[-1].program_at if segments else None
    return at.timestamp() if at else 0.0
