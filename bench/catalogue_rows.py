"""The rows of a catalogue of any size, as benchmarks fill an empty database with."""

from datetime import datetime, timedelta
from typing import Any

from catalog.models import (
    Host,
    Livestream,
    LivestreamAudience,
    LivestreamTopic,
    Series,
    SeriesMember,
    Topic,
)
from media.models import Asset, Broadcast, TextTrack

HOSTS, TOPICS, SERIES, PRIVATE = 40, 16, 20, 200
AUDIENCES = ("frontline", "relatives", "public")
LIVE, COMING = 3, 400
"""How many of the newest are on air or announced; the others are replays."""


def rows_of(now: datetime, livestreams: int) -> dict[type[Any], list[dict[str, Any]]]:
    """Return the rows of each table, in the order in which they are inserted."""
    numbers = range(livestreams)
    return {
        Topic: [_topic(number) for number in range(TOPICS)],
        Host: [_host(number, now) for number in range(HOSTS)],
        Series: [
            {
                "id": f"series{number}",
                "titles": _both("Series", number),
                "created_at": now,
                "updated_at": now,
            }
            for number in range(20)
        ],
        Broadcast: [{"id": f"b{number:015}", "created_at": now} for number in numbers],
        Livestream: [_livestream(number, now) for number in numbers],
        LivestreamTopic: [
            {
                "livestream_id": f"l{number:015}",
                "topic_slug": f"topic{(number + more) % TOPICS}",
                "position": more,
            }
            for number in numbers
            for more in range(2)
        ],
        LivestreamAudience: [
            {
                "livestream_id": f"l{number:015}",
                "audience": ("frontline", "relatives", "public")[number % 3],
            }
            for number in numbers
        ],
        SeriesMember: [
            {
                "livestream_id": f"l{number:015}",
                "series_id": f"series{number % 20}",
                "position": number,
            }
            for number in numbers
            if number % 10 == 0
        ],
        TextTrack: [_track(number, now) for number in numbers if number > LIVE + COMING],
        Asset: [_asset(number, now) for number in numbers if number > LIVE + COMING],
    }


def _both(text: str, number: int) -> dict[str, str]:
    return {
        "en": f"{text} {number}: what helps, and what to leave for the morning",
        "zh-Hans": f"第 {number} 讲 夜里可以做什么",
    }


def _topic(number: int) -> dict[str, Any]:
    return {
        "slug": f"topic{number}",
        "names": {"en": f"Topic {number}", "zh-Hans": f"主题 {number}"},
        "descriptions": _both("A topic", number),
        "position": number,
    }


def _host(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"host{number}",
        "names": {"en": f"Dr. Host {number}", "zh-Hans": f"讲者 {number} 医生"},
        "titles": {"en": "Consultant psychiatrist", "zh-Hans": "精神科医生"},
        "biographies": _both("A biography", number),
        "initials": "H",
        "verified_until": now + timedelta(days=60),
    }


def _livestream(number: int, now: datetime) -> dict[str, Any]:
    """Return a row; the first are on air, then those that come, then replays back in time."""
    is_coming = LIVE <= number < LIVE + COMING
    hours = (
        (number - LIVE + 1) if is_coming else (0 if number < LIVE else LIVE + COMING - number - 1)
    )
    starts_at = now + timedelta(hours=hours)
    is_private = number % (10_000 // PRIVATE) == 1
    state = "scheduled" if is_coming else "live" if number < LIVE else "published"
    return {
        "id": f"l{number:015}",
        "titles": _both("Talk", number),
        "descriptions": _both("A description", number),
        "language": "zh-Hans" if number % 2 else "en",
        "host_id": f"host{number % HOSTS}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=45),
        "timezone": "UTC",
        "local_start": starts_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "state": state,
        "visibility": "organisation" if is_private else "public",
        "organisation_id": "company" if is_private else None,
        "broadcast_id": f"b{number:015}",
        "announced_at": now,
        "created_at": now,
        "updated_at": now,
    }


def _track(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"t{number:015}",
        "broadcast_id": f"b{number:015}",
        "kind": "captions",
        "language": "en",
        "source": "human",
        "cues": [[0, 1000, "Good evening."]] * 50,
        "object_key": f"broadcasts/b{number:015}/assets/captions-en.vtt",
        "size": 1,
        "sha256": "0" * 64,
        "created_at": now,
    }


def _asset(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": f"a{number:015}",
        "broadcast_id": f"b{number:015}",
        "kind": "poster",
        "object_key": f"broadcasts/b{number:015}/assets/poster.jpg",
        "content_type": "image/jpeg",
        "size": 1,
        "sha256": "0" * 64,
        "created_at": now,
    }
