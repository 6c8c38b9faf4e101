"""Podcasts of topics, read back by an independent parser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.access import livestream_for
from catalog.models import Livestream
from media.models import Asset, TextTrack
from tests.conftest import NOW
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

FEED = "/feeds/topics/sleep.xml"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


@pytest.fixture
def world(session: Session) -> World:
    return World(session, NOW).build()


@pytest.fixture(autouse=True)
def _at_the_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        if str(arguments[2]).startswith("SELECT"):
            statements.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def replay(world: World, *, days: int = 0, private: bool = False, **changes: Any) -> Livestream:  # noqa: ANN401 -- fields of a draft
    changes = (
        {**changes, "visibility": "organisation", "organisation_id": "companya"}
        if private
        else changes
    )
    made = world.livestream(state="published", broadcast="ended", **changes)
    made.published_at = NOW - timedelta(days=days)
    return made


def asset(one: Livestream, kind: str, name: str, **details: object) -> Asset:
    return Asset(
        broadcast_id=one.broadcast_id,
        kind=kind,
        object_key=f"broadcasts/{one.broadcast_id}/assets/{name}",
        content_type="audio/mp4" if kind == "sound" else "image/jpeg",
        size=1_234_567,
        sha256="0" * 64,
        details=details,
        created_at=NOW,
    )


def read(client: FlaskClient, address: str = FEED) -> Any:  # noqa: ANN401 -- a dictionary of feedparser
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/rss+xml")
    ET.fromstring(answer.data)  # noqa: S314 -- our own, and well-formed
    found = feedparser.parse(answer.data)
    assert not found.bozo
    assert found.version == "rss20"
    return found


def test_a_replay_is_an_episode_with_its_sound(client: FlaskClient, world: World) -> None:
    one = replay(world, titles={"en": "Sleep & <rest>\x0b", "zh-Hans": "睡眠"})
    world.session.add(asset(one, "sound", "sound-1a2b3c4d.m4a", duration_us=90_400_000))
    world.session.add(asset(one, "poster", "poster-1a2b3c4d.jpg"))
    world.session.add(
        TextTrack(
            broadcast_id=one.broadcast_id,
            kind="captions",
            language="en",
            source="human",
            object_key=f"broadcasts/{one.broadcast_id}/assets/captions-en-1a2b3c4d.vtt",
            size=1,
            sha256="0",
            created_at=NOW,
        )
    )
    world.session.commit()
    media = f"http://localhost/media/{one.broadcast_id}/assets"
    episode = read(client).entries[0]
    assert {
        "title": episode.title,
        "link": episode.link,
        "id": episode.id,
        "published": episode.published,
        "summary": episode.summary,
        "author": episode.author,
        "duration": episode.itunes_duration,
        "explicit": episode.itunes_explicit,
        "image": episode.image.href,
        "enclosures": [(e.href, e.length, e.type) for e in episode.enclosures],
        "transcript": episode.podcast_transcript,
    } == {
        "title": "Sleep & <rest>",
        "link": f"http://localhost/livestreams/{one.id}",
        "id": f"{one.id}@localhost",
        "published": "Tue, 10 Mar 2026 18:00:00 +0000",
        "summary": "What helps at night.",
        "author": "Dr. host",
        "duration": "90",
        "explicit": None,
        "image": f"{media}/poster-1a2b3c4d.jpg",
        "enclosures": [(f"{media}/sound-1a2b3c4d.m4a", "1234567", "audio/mp4")],
        "transcript": {
            "url": f"{media}/captions-en-1a2b3c4d.vtt",
            "type": "text/vtt",
            "language": "en",
            "rel": "captions",
        },
    }


def test_the_channel_names_itself_in_the_language_of_its_address(
    client: FlaskClient, world: World
) -> None:
    del world
    english, chinese = read(client).feed, read(client, f"/zh{FEED}").feed
    assert (english.title, english.language) == ("Mindcast: Sleep", "en")
    assert (chinese.title, chinese.language) == ("Mindcast\uff1asleep", "zh-cn")
    assert english.link == "http://localhost/topics/sleep"
    links = {link.rel: link.href for link in chinese.links}
    assert links["self"] == f"http://localhost/zh{FEED}"
    assert english.description == "Talks by psychiatrists on Sleep."
    assert [tag.term for tag in english.tags] == ["Health & Fitness", "Mental Health"]
    top = ET.fromstring(client.get(FEED).data)[0]  # noqa: S314
    assert top.findtext(f"{ITUNES}explicit") == "false"
    assert top.findtext(f"{ITUNES}author") == "Mindcast"


def test_the_newest_comes_first_and_only_replays_of_the_topic(
    client: FlaskClient, world: World
) -> None:
    old, new = replay(world, days=3), replay(world, days=1)
    replay(world, topics=("anxiety",))
    for state in ("draft", "scheduled", "live", "ended", "cancelled"):
        world.livestream(state=state)
    world.session.commit()
    found = read(client)
    assert [one.link.rpartition("/")[2] for one in found.entries] == [new.id, old.id]
    assert [one.enclosures for one in found.entries] == [[], []]  # no sound was made of them
    assert client.get("/feeds/topics/none.xml").status_code == 404


@pytest.mark.parametrize("name", ["host", "employee_a", "administrator"])
def test_a_feed_is_the_same_whoever_asks(client: FlaskClient, world: World, name: str) -> None:
    public, private = replay(world), replay(world, private=True)
    world.session.commit()
    before = client.get(FEED).data
    user = world.session.get_one(User, world.actors[name].user_id)
    with client.session_transaction() as login:
        login["_user_id"] = user.fs_uniquifier
        login["_fresh"] = True
    # this person may watch the private replay: the leak is possible
    livestream_for(world.session, livestream_id=private.id, actor=world.actors[name])
    answer = client.get(FEED)
    assert answer.data == before
    assert public.id in answer.text
    assert private.id not in answer.text


def test_a_feed_that_has_not_changed_is_not_sent_again(client: FlaskClient, world: World) -> None:
    one = replay(world)
    world.session.commit()
    first = client.get(FEED)
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(FEED, headers=known).status_code == 304
    assert first.headers["Cache-Control"] == "public, max-age=300"
    world.session.add(asset(one, "sound", "sound-1a2b3c4d.m4a"))
    world.session.commit()
    assert client.get(FEED, headers=known).status_code == 200


def test_the_feed_of_an_empty_topic_is_valid(client: FlaskClient, world: World) -> None:
    del world
    assert read(client).entries == []


def test_query_counts_are_the_same_for_one_and_three_replays(
    client: FlaskClient, world: World
) -> None:
    counts = []
    for _ in range(2):
        replay(world)
        world.session.commit()
        with counting(world.session) as statements:
            found = read(client)
        counts.append((len(found.entries), len(statements)))
        replay(world)
    assert counts == [(1, 3), (3, 3)]
