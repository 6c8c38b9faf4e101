"""Reads of the catalogue: what is shown to whom, in a number of queries that does not grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from accounts.rules import STRANGER
from catalog import queries, rules
from catalog.enums import LivestreamState
from catalog.models import Livestream, LivestreamAudience, Series, SeriesMember
from catalog.queries import Filters, SeriesPlace
from core.errors import NotFound
from media.models import Asset, TextTrack
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)


def test_known_to_says_in_sql_what_may_know_says_of_a_row(world: World) -> None:
    for state in LivestreamState:
        world.livestream(state=state)
        world.private(state=state)
        world.livestream(state=state, host_id="otherhost")
    for called_off in (world.livestream(state="cancelled"), world.private(state="cancelled")):
        called_off.announced_at = world.now
    uploaded = world.livestream(state="ended")  # to a draft, which no editor has allowed
    uploaded.announced_at = None
    world.session.flush()
    assert not rules.may_know(uploaded, STRANGER)
    everything = world.session.scalars(select(Livestream)).all()
    for actor in (STRANGER, *world.actors.values()):
        found = set(world.session.scalars(select(Livestream.id).where(queries.known_to(actor))))
        assert found == {it.id for it in everything if rules.may_know(it, actor)}


def test_home_programme(world: World) -> None:
    live = world.livestream(state="live", broadcast="interrupted")
    coming = world.livestream(state="scheduled")
    replay = world.livestream(state="published", broadcast="ended")
    for state in ("draft", "proposed", "cancelled", "missed", "ended"):
        world.livestream(state=state)
    private = world.private()
    stranger = queries.home_programme(world.session, actor=STRANGER, now=world.now)
    employee = queries.home_programme(
        world.session, actor=world.actors["employee_a"], now=world.now
    )
    assert [view.id for view in stranger.live] == [live.id]
    assert stranger.live[0].interrupted
    assert [view.id for view in stranger.coming] == [coming.id]
    assert [view.id for view in stranger.replays] == [replay.id]
    assert [topic.slug for topic in stranger.topics] == ["sleep", "anxiety"]
    assert {view.id for view in employee.coming} == {coming.id, private.id}


def test_home_programme_leaves_out_what_should_have_begun_long_ago(world: World) -> None:
    late = world.livestream(state="scheduled")
    half_an_hour = timedelta(minutes=30)
    just = late.starts_at + half_an_hour - timedelta(seconds=1)
    shown = queries.home_programme(world.session, actor=STRANGER, now=just).coming
    gone = queries.home_programme(world.session, actor=STRANGER, now=late.starts_at + half_an_hour)
    assert [view.id for view in shown] == [late.id]
    assert gone.coming == ()


def test_topic_page(world: World) -> None:
    both = world.livestream(state="live", topics=("anxiety", "sleep"))
    world.livestream(state="live")
    page = queries.topic_page(world.session, slug="anxiety", actor=STRANGER, now=world.now)
    assert page.topic is not None
    assert page.topic.slug == "anxiety"
    assert [view.id for view in page.live] == [both.id]
    assert [topic.slug for topic in page.live[0].topics] == ["anxiety", "sleep"]
    with pytest.raises(NotFound):
        queries.topic_page(world.session, slug="none", actor=STRANGER, now=world.now)


def test_query_counts_are_the_same_for_one_and_three_livestreams(world: World) -> None:
    counts = []
    for _ in range(2):
        for state in ("live", "scheduled", "published"):
            world.livestream(state=state, topics=("sleep", "anxiety"))
        with counting(world.session) as home:
            queries.home_programme(world.session, actor=STRANGER, now=world.now)
        with counting(world.session) as topic:
            queries.topic_page(world.session, slug="sleep", actor=STRANGER, now=world.now)
        with counting(world.session) as listed:
            queries.list_livestreams(world.session, actor=STRANGER)
        counts.append((len(home), len(topic), len(listed)))
        world.livestream(state="live")
    assert counts == [(3, 4, 3), (3, 4, 3)]


def test_list_livestreams_goes_on_after_rows_that_came_in_between(world: World) -> None:
    first = world.livestream(state="scheduled")
    second = world.livestream(state="scheduled", ends_at=first.ends_at + timedelta(hours=1))
    page = queries.list_livestreams(world.session, actor=STRANGER, limit=1)
    earlier = first.starts_at - timedelta(minutes=30)
    world.livestream(state="scheduled", starts_at=earlier)
    rest = queries.list_livestreams(world.session, actor=STRANGER, cursor=page.next_cursor, limit=5)
    found = [view.id for view in (*page.items, *rest.items)]
    assert sorted(found) == sorted([first.id, second.id])
    assert rest.next_cursor is None


def test_list_livestreams_of_a_host(world: World) -> None:
    world.livestream(state="scheduled")
    other = world.livestream(state="scheduled", host_id="otherhost")
    page = queries.list_livestreams(
        world.session, actor=STRANGER, filters=Filters(host_id="otherhost")
    )
    assert [view.id for view in page.items] == [other.id]


def test_list_livestreams_newest_first_goes_back_in_time(world: World) -> None:
    made = [
        world.livestream(
            state="published",
            starts_at=world.now + timedelta(hours=hours),
            ends_at=world.now + timedelta(hours=hours + 1),
        ).id
        for hours in range(1, 4)
    ]
    back = Filters(newest_first=True)
    first = queries.list_livestreams(world.session, actor=STRANGER, filters=back, limit=2)
    rest = queries.list_livestreams(
        world.session, actor=STRANGER, filters=back, limit=2, cursor=first.next_cursor
    )
    assert [view.id for view in (*first.items, *rest.items)] == made[::-1]


def test_a_view_tells_audiences_captions_series_and_what_was_made(world: World) -> None:
    made = world.livestream(state="published", broadcast="ended")
    plain = world.livestream(state="published", broadcast="ended")
    add_details(world, made)
    view = queries.livestream_view(world.session, livestream_id=made.id)
    other = queries.livestream_view(world.session, livestream_id=plain.id)
    assert view is not None
    assert other is not None
    assert (view.audiences, view.captions) == (("frontline", "relatives"), ("en", "zh-Hans"))
    assert view.series == SeriesPlace("evenings", {"en": "Evenings"}, 3)
    assert (view.poster_key, view.has_sound) == (f"broadcasts/{made.broadcast_id}/poster", True)
    assert (other.audiences, other.captions, other.series) == ((), (), None)
    assert (other.poster_key, other.has_sound) == (None, False)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(audience="frontline"), 1),
        (Filters(audience="patients"), 0),
        (Filters(audience="public"), 1),
        (Filters(series_id="evenings"), 1),
        (Filters(series_id="none"), 0),
        (Filters(visibility="organisation"), 0),
    ],
)
def test_list_livestreams_of_an_audience_or_a_series(
    world: World, filters: Filters, count: int
) -> None:
    made = world.livestream(state="published", broadcast="ended")
    world.livestream(state="published")
    add_details(world, made)
    page = queries.list_livestreams(world.session, actor=STRANGER, filters=filters)
    assert len(page.items) == count


def add_details(world: World, livestream: Livestream) -> None:
    broadcast = livestream.broadcast_id
    stored = {"size": 1, "sha256": "0" * 64, "created_at": world.now}
    series = Series(
        id="evenings", titles={"en": "Evenings"}, created_at=world.now, updated_at=world.now
    )
    world.session.add(series)
    world.session.flush()
    world.session.add(SeriesMember(livestream_id=livestream.id, series_id="evenings", position=3))
    world.session.add_all(
        LivestreamAudience(livestream_id=livestream.id, audience=audience)
        for audience in ("relatives", "frontline")
    )
    world.session.add_all(
        TextTrack(
            broadcast_id=broadcast,
            kind=kind,
            language=language,
            source="human",
            object_key=f"{broadcast}/{kind}-{language}",
            **stored,
        )
        for kind, language in (("captions", "zh-Hans"), ("captions", "en"), ("chapters", "fr"))
    )
    world.session.add_all(
        Asset(
            broadcast_id=broadcast,
            kind=kind,
            object_key=f"broadcasts/{broadcast}/{kind}",
            content_type="image/jpeg",
            **stored,
        )
        for kind in ("poster", "sound", "storyboard")
    )
    world.session.flush()
