"""Pages of topics, series, replays, hosts and collections: full, empty, paged, never private."""

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from catalog.models import (
    Host,
    Livestream,
    LivestreamAudience,
    Series,
    SeriesMember,
    Topic,
)
from core.clock import utc_now
from media.models import Asset, TextTrack
from tests.fakes.programme import World
from web import assets

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session) -> World:
    built = World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()
    session.commit()
    return built


def replay(world: World, hours: int, **changes: Any) -> Livestream:  # noqa: ANN401 -- fields of a draft
    """Return a published livestream that began so many hours after now."""
    starts_at = world.now + timedelta(hours=hours)
    return world.livestream(
        state="published",
        broadcast="ended",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        **changes,
    )


def order_of(text: str) -> list[str]:
    """Return the ids of the replays on a page, in their order."""
    return re.findall(r'session-card__title"[^>]*><a href="/livestreams/(\w+)"', text)


def test_replays_page_through_with_links_that_stay_valid(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.views.replays.REPLAYS_SHOWN", 2)
    made = [replay(world, hours).id for hours in range(5, 0, -1)]
    world.session.commit()
    pages = [client.get("/replays").text]
    for _ in range(2):
        pages.append(client.get(f"/replays?older={cursor(pages[-1], 'older')}").text)
    back = client.get(f"/replays?newer={cursor(pages[2], 'newer')}").text
    first = client.get(f"/replays?newer={cursor(back, 'newer')}").text
    assert [order_of(page) for page in pages] == [made[:2], made[2:4], made[4:]]
    assert (order_of(back), order_of(first)) == (made[2:4], made[:2])
    assert 'rel="next"' not in pages[2]
    assert 'rel="prev"' not in first
    assert all("5 replays" in page for page in pages)


def cursor(text: str, way: str) -> str:
    found = re.search(rf'href="/replays\?{way}=([\w-]+)"', text)
    assert found is not None
    return found[1]


def test_a_cursor_that_is_none_is_told(client: FlaskClient) -> None:
    assert client.get("/replays?older=nonsense").status_code == 422


def test_replays_are_narrowed_by_topic_language_and_audience(
    client: FlaskClient, world: World
) -> None:
    english = replay(world, 1, topics=("anxiety",))
    chinese = replay(world, 2, language="zh-Hans")
    world.session.add(LivestreamAudience(livestream_id=chinese.id, audience="frontline"))
    world.session.commit()
    shown = {
        query: order_of(client.get(f"/replays?{query}").text)
        for query in (
            "topic=anxiety",
            "language=zh-Hans",
            "audience=frontline",
            "topic=anxiety&audience=frontline",
            "topic=unknown",
        )
    }
    assert shown == {
        "topic=anxiety": [english.id],
        "language=zh-Hans": [chinese.id],
        "audience=frontline": [chinese.id],
        "topic=anxiety&audience=frontline": [],
        "topic=unknown": [chinese.id, english.id],
    }
    assert "No replay fits" in client.get("/replays?topic=anxiety&audience=frontline").text


def test_a_card_claims_only_the_captions_and_the_picture_that_exist(
    client: FlaskClient, world: World
) -> None:
    made = replay(world, 1)
    plain = client.get("/replays").text
    stored: dict[str, Any] = {"size": 1, "sha256": "0" * 64, "created_at": world.now}
    key = f"broadcasts/{made.broadcast_id}/assets/poster.jpg"
    world.session.add(
        TextTrack(
            broadcast_id=made.broadcast_id,
            kind="captions",
            language="zh-Hans",
            source="human",
            object_key="captions",
            **stored,
        )
    )
    world.session.add(
        Asset(
            broadcast_id=made.broadcast_id,
            kind="poster",
            object_key=key,
            content_type="image/jpeg",
            **stored,
        )
    )
    world.session.commit()
    told = client.get("/replays").text
    assert ("captions in" in plain, "captions in 中文" in told) == (False, True)
    picture = f'src="/media/{made.broadcast_id}/assets/poster.jpg"'
    assert (picture in plain, picture in told) == (False, True)


def test_a_topic_says_that_nobody_reviewed_it_until_somebody_has(
    client: FlaskClient, world: World
) -> None:
    topic = world.session.get_one(Topic, "sleep")
    topic.words = {"en": {"introduction": "Sleep comes and goes.", "seek_help": ["When it lasts."]}}
    badges = []
    for by, due in (("", None), ("Dr. A. Clinician", 30), ("Dr. A. Clinician", -1)):
        topic.reviewed_by = by
        topic.reviewed_at = utc_now() - timedelta(days=60) if by else None
        topic.review_due_at = utc_now() + timedelta(days=due) if due else None
        world.session.commit()
        text = client.get("/topics/sleep").text
        assert "Sleep comes and goes." in text
        badges.append(
            [
                words
                for words in (
                    "Draft, not clinically reviewed",
                    "Clinically reviewed",
                    "Review overdue",
                    "Dr. A. Clinician",
                )
                if words in text
            ]
        )
    assert badges == [
        ["Draft, not clinically reviewed"],
        ["Clinically reviewed", "Dr. A. Clinician"],
        ["Review overdue", "Dr. A. Clinician"],
    ]


def test_a_topic_counts_what_there_is(client: FlaskClient, world: World) -> None:
    world.livestream(state="scheduled")
    for hours in range(1, 3):
        replay(world, hours)
    replay(world, 3, topics=("anxiety",))
    world.session.commit()
    text = client.get("/topics/sleep").text
    assert "1 upcoming talk" in text
    assert "2 replays" in text


def test_a_series_shows_its_parts_in_order_and_private_ones_to_nobody_else(
    client: FlaskClient, world: World
) -> None:
    parts = [replay(world, hours) for hours in (3, 1, 2)]
    hidden = world.private()
    later = world.now
    for series in ("open", "closed"):
        world.session.add(
            Series(id=series, titles={"en": series}, created_at=later, updated_at=later)
        )
    world.session.flush()
    world.session.add_all(
        SeriesMember(livestream_id=part.id, series_id="open", position=position)
        for position, part in enumerate(parts)
    )
    world.session.add(SeriesMember(livestream_id=hidden.id, series_id="closed", position=0))
    world.session.commit()
    text = client.get("/series/open").text
    assert order_of(text) == [part.id for part in parts]
    assert "3 talks" in text
    assert client.get("/series/closed").status_code == 404
    assert "closed" not in client.get("/series").text
    assert 'href="/series/open"' in client.get("/topics/sleep").text


def test_a_collection_shows_what_is_made_for_its_people(client: FlaskClient, world: World) -> None:
    made = replay(world, 1)
    other = replay(world, 2)
    world.session.add(LivestreamAudience(livestream_id=made.id, audience="relatives"))
    world.session.commit()
    assert order_of(client.get("/for/relatives").text) == [made.id]
    assert order_of(client.get("/for/public").text) == [other.id]
    assert "Nothing is planned yet" in client.get("/for/frontline").text
    assert client.get("/for/nobody").status_code == 404


def test_hosts_lists_those_whose_licence_is_verified_now(client: FlaskClient, world: World) -> None:
    world.session.get_one(Host, "otherhost").verified_until = utc_now() - timedelta(seconds=1)
    world.session.commit()
    text = client.get("/hosts").text
    assert 'href="/hosts/host"' in text
    assert 'href="/hosts/otherhost"' not in text


def test_a_cancelled_talk_is_found_by_its_address_alone(client: FlaskClient, world: World) -> None:
    called_off, forgotten = (world.livestream(state="cancelled") for _ in range(2))
    called_off.announced_at = world.now
    world.session.commit()
    assert client.get(f"/livestreams/{called_off.id}").status_code == 200
    assert client.get(f"/livestreams/{forgotten.id}").status_code == 404
    assert called_off.id not in client.get("/").text


@pytest.mark.parametrize(
    "path", ["/", "/topics/sleep", "/replays", "/hosts/host", "/for/relatives", "/series"]
)
def test_a_page_costs_as_many_queries_for_one_livestream_as_for_three(
    client: FlaskClient, world: World, path: str
) -> None:
    counts = []
    for _ in range(3):
        for made in (world.livestream(state="scheduled"), replay(world, 1)):
            world.session.add(LivestreamAudience(livestream_id=made.id, audience="relatives"))
        world.session.commit()
        counts.append(len(statements(world.session, client, path)))
    assert len(set(counts)) == 1


def statements(session: Session, client: FlaskClient, path: str) -> list[str]:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    event.remove(connection, "before_cursor_execute", note)
    return [statement for statement in seen if statement.startswith("SELECT")]


NUL_IN_CURSOR = urlsafe_b64encode(b"2026-03-10T18:00:00+00:00 a\x00").decode().rstrip("=")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/hosts?after=%00", 200), (f"/replays?older={NUL_IN_CURSOR}", 422)],
)
def test_a_place_in_a_list_that_no_database_takes_is_no_fault(
    client: FlaskClient, world: World, path: str, status: int
) -> None:
    del world
    assert client.get(path).status_code == status
