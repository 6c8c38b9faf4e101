"""The example content: complete, in both languages, refreshed and cleared without a trace."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.rules import STRANGER
from catalog import demo, queries
from catalog.demo.content import (
    example_hosts,
    example_livestreams,
    example_series,
    example_topics,
)
from catalog.enums import Audience
from catalog.models import Host, Livestream, LivestreamAudience, SeriesMember, Topic
from core.words import LANGUAGES
from core.work.models import Work
from media.models import Broadcast, Upload
from streams.doors.keys import key_of
from streams.doors.services import make_missing_keys
from streams.uploads.queries import CLEAR
from tests.fakes.programme import World
from tests.fakes.shows import Show

pytestmark = pytest.mark.integration

COMPANIES = ["companya", "companyb"]


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    session.add(User(id="demohost", email="demohost@example.org", created_at=now))
    session.flush()
    return made


def load(world: World, now: datetime) -> None:
    users = {Role.HOST: "demohost"}
    demo.load(world.session, now=now, users=users, organisations=COMPANIES)


def examples(world: World) -> list[Livestream]:
    return list(world.session.scalars(select(Livestream).where(Livestream.is_example)))


def count(world: World, table: type[Host] | type[Broadcast] | type[User]) -> int:
    return world.session.scalar(select(func.count()).select_from(table)) or 0


def test_every_example_is_in_both_languages() -> None:
    words = [example.titles for example in example_livestreams()]
    words += [example.descriptions for example in example_livestreams()]
    words += [text for one in example_series() for text in (one.titles, one.descriptions)]
    words += [text for one in example_topics() for text in (one.names, one.descriptions)]
    words += [host.names for host in example_hosts()]
    assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in words)


def test_no_example_host_is_booked_twice(world: World) -> None:
    load(world, world.now)
    apart = timedelta(minutes=30)  # a quarter of an hour is kept free after one and before the next
    taking = [
        (it.host_id, it.starts_at, it.ends_at)
        for it in examples(world)
        if it.state in {"proposed", "scheduled"}
    ]
    pairs = zip(sorted(taking), sorted(taking)[1:], strict=False)
    clashes = [(a, b) for a, b in pairs if a[0] == b[0] and b[1] < a[2] + apart]
    assert clashes == []


def test_load_makes_a_programme_around_now(world: World) -> None:
    now = world.now + timedelta(minutes=3)
    load(world, now)
    made = examples(world)
    hosts = world.session.scalars(select(Host).where(Host.is_example)).all()
    assert len(made) == len(example_livestreams()) >= 57
    assert {it.state for it in made} == {
        "draft",
        "proposed",
        "scheduled",
        "cancelled",
        "missed",
        "ended",
    }
    assert {it.organisation_id for it in made} == {None, *COMPANIES}
    assert [it.id for it in hosts if it.verified_until is None] != []
    assert "demohost" in {it.id for it in hosts if it.verified_until is not None}
    playing = world.session.get_one(Livestream, demo.livestream_to_play(world.session, now=now))
    assert (playing.auto_start, playing.starts_at) == (True, world.now)
    assert playing.host_id != "demohost", "the demo's host is free to go live at once"
    shown = queries.home_programme(world.session, actor=STRANGER, now=now)
    assert all(view.visibility == "public" for view in shown.coming)


def test_load_puts_livestreams_into_series_and_audiences(world: World) -> None:
    load(world, world.now)
    members = world.session.scalar(select(func.count()).select_from(SeriesMember)) or 0
    audiences = set(world.session.scalars(select(LivestreamAudience.audience)))
    assert members >= 12
    assert audiences == set(Audience)


def test_load_asks_for_the_recording_of_each_talk_once(world: World) -> None:
    load(world, world.now)
    load(world, world.now + timedelta(hours=30))
    asked = world.session.scalars(select(Work).where(Work.kind == "demo_talk")).all()
    talks = [example for example in example_livestreams() if example.talk]
    assert sorted(work.payload["talk"] for work in asked) == sorted(one.talk for one in talks)


def test_clear_asks_for_recorded_media_to_be_removed(world: World) -> None:
    load(world, world.now)
    show = Show(world.session, world.now, "source")
    examples(world)[0].broadcast_id = show.id
    show.begin_run(0)
    show.add()
    world.session.flush()
    demo.clear(world.session, now=world.now)
    asked = world.session.scalars(select(Work.subject).where(Work.kind == "remove_media")).all()
    assert asked == [show.id]


def test_clear_asks_for_the_parts_of_uploads_to_be_removed(world: World) -> None:
    load(world, world.now)
    upload = Upload(
        id="u" * 16,
        broadcast_id=examples(world)[0].broadcast_id,
        owner_id="demohost",
        name="talk.mp4",
        size=10,
        part_size=10,
        created_at=world.now,
    )
    world.session.add(upload)
    world.session.flush()
    demo.clear(world.session, now=world.now)
    asked = world.session.scalars(select(Work.subject).where(Work.kind == CLEAR)).all()
    assert asked == ["u" * 16]


def test_load_again_adds_nothing(world: World) -> None:
    load(world, world.now)
    before = {it.id for it in examples(world)}
    load(world, world.now + timedelta(minutes=7))
    assert {it.id for it in examples(world)} == before


def test_load_the_next_day_gives_past_ones_a_new_time(world: World) -> None:
    load(world, world.now)
    before = {it.id for it in examples(world)}
    next_day = world.now + timedelta(hours=23)
    load(world, next_day)
    after = examples(world)
    renewed = {it.id for it in after} - before
    past = {it.id for it in after if it.state in {"ended", "missed"}}
    assert len(after) == len(example_livestreams())
    assert all(it.ends_at > next_day for it in after if it.id not in past)
    assert past <= before
    assert {it.titles["en"].partition(":")[0] for it in after if it.id in renewed} >= {
        "Panic, step by step",
        "When the 3 a.m. thoughts arrive",
    }


def test_make_missing_keys_completes_the_demo(world: World) -> None:
    load(world, world.now)
    made = make_missing_keys(world.session, data_key="k", now=world.now)
    again = make_missing_keys(world.session, data_key="k", now=world.now)
    playing = demo.livestream_to_play(world.session, now=world.now)
    assert playing is not None
    assert (made, again) == (len(example_livestreams()), 0)
    assert key_of(world.session, livestream_id=playing, data_key="k")


def test_clear_leaves_what_is_not_an_example(world: World) -> None:
    own = world.livestream()
    before = [count(world, table) for table in (Host, Broadcast, User)]
    load(world, world.now)
    world.livestream(host_id="demohost")
    demo.clear(world.session, now=world.now)
    after = [count(world, table) for table in (Host, Broadcast, User)]
    assert (after, examples(world)) == (before, [])
    assert world.session.get(Livestream, own.id) is not None
    assert world.session.get(Topic, "bipolar") is not None
