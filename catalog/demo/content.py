"""The words of the demo, read from ``catalog/content``. Everybody in it is made up."""

import json
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from catalog.enums import CredentialKind, ReplayPolicy
from catalog.enums import LivestreamState as L
from catalog.rules import nearest_times
from core.words import ENGLISH, Words

CONTENT: Final = Path(__file__).parents[1] / "content"
LIVE_KEY: Final = "panic"
"""The example that is on air: the demo's picture is pushed to it."""

PAST: Final = frozenset({L.MISSED, L.ENDED})
"""States of examples that lie behind the first start and are never given a new time."""


@dataclass(frozen=True, slots=True)
class ExampleTopic:
    """A topic as its file says it; ``words`` is the content of its page per language."""

    slug: str
    position: int
    risk: str
    names: Words
    descriptions: Words
    words: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExampleHost:
    """A made-up host; ``email`` empty means the demo's host account."""

    key: str
    email: str
    names: Words
    titles: Words
    institutions: Words
    departments: Words
    biographies: Words
    initials: str
    is_verified: bool = True
    profession: CredentialKind = CredentialKind.PSYCHIATRIST


@dataclass(frozen=True, slots=True)
class ExampleSeries:
    """Livestreams that belong together."""

    key: str
    titles: Words
    descriptions: Words


@dataclass(frozen=True, slots=True)
class ExampleLivestream:
    """A livestream ``starts_in`` minutes from now, or ``day`` days from today at a wall time.

    ``talk`` names the script (``catalog/content/talks``) whose recording is its replay.
    """

    key: str
    host: str
    topics: tuple[str, ...]
    titles: Words
    descriptions: Words
    minutes: int = 45
    starts_in: int | None = None
    day: int = 0
    at: str = "19:00"
    language: str = ENGLISH
    timezone: str = "Asia/Shanghai"
    audiences: tuple[str, ...] = ("public",)
    series: str = ""
    state: L = L.SCHEDULED
    organisation: int | None = None
    replay_policy: ReplayPolicy = field(default=ReplayPolicy.AFTER_RELEASE)
    auto_start: bool = False
    talk: str = ""

    @property
    def is_past(self) -> bool:
        """Whether it lies behind the first start and keeps its time."""
        return bool(self.talk) or self.state in PAST

    def starts_at(self, now: datetime) -> datetime:
        """Return when it starts if it is loaded at ``now``, on the five-minute grid."""
        if self.starts_in is not None:
            return nearest_times(now)[0] + timedelta(minutes=self.starts_in)
        zone = ZoneInfo(self.timezone)
        day = now.astimezone(zone).date() + timedelta(days=self.day)
        return datetime.combine(day, time.fromisoformat(self.at), zone)


@cache
def example_topics() -> tuple[ExampleTopic, ...]:
    """Return every topic, in its order."""
    topics = [ExampleTopic(**_read(path)) for path in (CONTENT / "topics").glob("*.json")]
    return tuple(sorted(topics, key=lambda topic: topic.position))


@cache
def example_hosts() -> tuple[ExampleHost, ...]:
    """Return the made-up hosts; the first one is the demo's host account."""
    people = _read(CONTENT / "people.json")
    institutions = people["institutions"]
    return tuple(
        ExampleHost(institutions=institutions[host.pop("institution")], **host)
        for host in people["hosts"]
    )


@cache
def example_series() -> tuple[ExampleSeries, ...]:
    """Return the series of the demo."""
    return tuple(ExampleSeries(**one) for one in _read(CONTENT / "people.json")["series"])


@cache
def example_livestreams() -> tuple[ExampleLivestream, ...]:
    """Return the programme: what is on air and planned, then those with a recorded talk."""
    entries: list[dict[str, Any]] = _read(CONTENT / "programme.json")["livestreams"]
    keys = sorted(path.stem for path in (CONTENT / "talks").glob("*.json"))
    talks = [_of_talk(key, number) for number, key in enumerate(keys)]
    return tuple(_livestream(entry) for entry in (*entries, *talks))


@cache
def talks_on_air() -> tuple[str, ...]:
    """Return the keys of talks of the topic and language of the livestream on air."""
    live = next(one for one in example_livestreams() if one.key == LIVE_KEY)
    talks = [one for one in example_livestreams() if one.talk and one.language == live.language]
    return tuple(one.talk for one in talks if set(one.topics) & set(live.topics))


def talk_script(key: str) -> dict[str, Any]:
    """Return the script of a talk as its file says it."""
    script: dict[str, Any] = _read(CONTENT / "talks" / f"{key}.json")
    return script


def _livestream(entry: dict[str, Any]) -> ExampleLivestream:
    known = dict(entry)
    for name in ("topics", "audiences"):
        if name in known:
            known[name] = tuple(known[name])
    known["state"] = L(known.get("state", L.SCHEDULED))
    known["replay_policy"] = ReplayPolicy(known.get("replay_policy", ReplayPolicy.AFTER_RELEASE))
    return ExampleLivestream(**known)


def _of_talk(key: str, number: int) -> dict[str, Any]:
    """Return the livestream that the ``number``-th talk was, some evenings ago."""
    script = talk_script(key)
    return {
        "key": f"talk-{key}",
        "talk": key,
        "host": script["host"],
        "titles": script["title"],
        "descriptions": script["summary"],
        "topics": script["topics"],
        "language": script["language"],
        "timezone": "Europe/London" if script["language"] == ENGLISH else "Asia/Shanghai",
        "audiences": script["audiences"],
        "state": L.ENDED,  # published as soon as its recording has been made
        "day": -2 - number,
        "minutes": 10,
    }


def _read(path: Path) -> Any:  # noqa: ANN401 -- JSON
    return json.loads(path.read_text(encoding="utf-8"))
