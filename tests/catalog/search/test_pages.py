"""The page of the search, the q of the list, and where to begin with a topic."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Livestream, Topic
from catalog.search.services import check_all, empty
from core.clock import utc_now
from tests.catalog.search.conftest import caption
from tests.fakes.programme import World
from web import assets

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session) -> World:
    empty(session)
    return World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()


def replay(world: World, *, minutes: int = 45, **changes: Any) -> Livestream:  # noqa: ANN401 -- fields of a draft
    """Return a published livestream of so many minutes, three hours ago."""
    made = world.livestream(state="published", broadcast="ended", **changes)
    made.starts_at = world.now - timedelta(hours=3)
    made.ends_at = made.starts_at + timedelta(minutes=minutes)
    world.session.flush()
    return made


def index(world: World) -> None:
    while check_all(world.session):
        pass
    world.session.commit()


def test_results_are_marked_and_lead_to_the_second(client: FlaskClient, world: World) -> None:
    talk = replay(world, titles={"en": "<Night> thoughts", "zh-Hans": "夜里的 <想法>"})
    caption(world, talk, "Good evening.", "Such a thought passes.")
    caption(world, talk, "晚上好。", "这样的想法会过去。", language="zh-Hans")
    index(world)
    english = client.get("/search?q=thought").text
    assert "&lt;Night&gt; <mark>thoughts</mark></a>" in english
    assert f'href="/livestreams/{talk.id}?find=thought#t=60"><time>1:00</time>' in english
    assert f'href="/livestreams/{talk.id}?find=thought">&lt;Night' in english
    assert "Such a <mark>thought</mark> passes." in english
    assert "1 talk<" in english
    chinese = client.get("/zh/search?q=想法").text
    assert "夜里的 &lt;<mark>想法</mark>&gt;" in chinese
    assert f'href="/zh/livestreams/{talk.id}?find={quote("想法")}#t=60"' in chinese
    other = client.get("/zh/search?q=thought").text  # the page opens the Chinese transcript
    assert f'href="/zh/livestreams/{talk.id}#t=60"' in other
    assert "no-store" in client.get("/search?q=thought").headers["Cache-Control"]


def test_words_of_crisis_put_the_way_to_help_first(client: FlaskClient, world: World) -> None:
    replay(world, titles={"en": "Help with sleep"})
    index(world)
    for address in ("/search?q=help", "/search?q=psychological+assistance", "/search?q=心理援助"):
        page = client.get(address).text
        main = page[page.index("<main") :]
        assert 0 < main.index('class="search-help"') < main.index('id="found-h"')
        assert 'href="/help"' in main[main.index("search-help") : main.index("found-h")]
    assert 'class="search-help"' not in client.get("/search?q=sleep").text


def test_nothing_found_offers_ways_on(client: FlaskClient, world: World) -> None:
    coming = world.livestream(state="scheduled", starts_at=world.now + timedelta(hours=2),
                              ends_at=world.now + timedelta(hours=3))  # fmt: skip
    index(world)
    page = client.get("/search?q=xylophone&state=live").text
    assert "Nothing has “xylophone”" in page
    main = page[page.index("<main") :]
    for way in ('href="/search?q=xylophone"', "/topics/sleep", coming.id, 'href="/help"'):
        assert way in main
    slip = client.get("/search?q=thoughst").text
    assert "These talks have “thought”" in slip
    assert coming.id in slip


def test_pages_and_filters_stand_in_the_address(client: FlaskClient, world: World) -> None:
    for _ in range(21):
        replay(world)
    index(world)
    first = client.get("/search?q=thoughts&topic=sleep&state=bogus&from=2000-01-01&page=x").text
    assert first.count('class="hit"') == 20
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert following == "/search?q=thoughts&amp;topic=sleep&amp;from=2000-01-01&amp;page=2"
    second = client.get(following.replace("&amp;", "&")).text
    assert second.count('class="hit"') == 1
    assert 'rel="prev"' in second
    assert '<option value="sleep" selected>' in second


def test_q_of_the_list_asks_the_index_and_sees_what_was_just_written(
    client: FlaskClient, world: World
) -> None:
    def found(text: str) -> list[str]:
        answer = client.get("/api/v1/livestreams", query_string={"q": text})
        return [item["id"] for item in answer.json["items"]]  # type: ignore[index]

    talk = replay(world, titles={"en": "Marigold"})
    private = world.private()
    private.titles = {"en": "Marigold within"}
    talk.updated_at = private.updated_at = utc_now()
    world.session.commit()
    assert found("marigold") == [talk.id]  # by its row: nothing is indexed yet
    caption(world, talk, "Wild thyme.")
    talk.updated_at = private.updated_at = world.now - timedelta(days=1)
    index(world)
    assert [found(text) for text in ("mari", "thyme marigold", "%", "within")] == [
        *([talk.id], [talk.id], [], []),
    ]


def test_a_topic_begins_with_short_talks_or_what_an_editor_chose(
    client: FlaskClient, world: World
) -> None:
    def order() -> list[str]:
        page = client.get("/topics/sleep").text
        part = page[page.index('id="start-h"') : page.index('id="replays"')]
        return re.findall(r'session-card__title"[^>]*><a href="/livestreams/(\w+)"', part)

    long = replay(world, minutes=90)
    short = replay(world, minutes=15)
    hidden = replay(world, minutes=5)
    hidden.withheld_at = world.now
    world.session.commit()
    assert order() == [short.id, long.id]
    topic = world.session.get_one(Topic, "sleep")
    topic.words = {"en": {"start": [hidden.id, long.id, "none"]}}
    topic.updated_at = world.now
    world.session.commit()
    assert order() == [long.id]
    topic.words = {"en": {"start": [hidden.id, "none"]}}  # all of it is gone: as if none was chosen
    world.session.commit()
    assert order() == [short.id, long.id]


def test_cards_claim_the_captions_that_there_are(client: FlaskClient, world: World) -> None:
    talk = replay(world)
    assert "captions in" not in client.get("/replays").text
    track = caption(world, talk, "Good evening.")
    chapters = caption(world, talk, "第一章", language="zh-Hans")
    chapters.kind = "chapters"
    world.session.commit()
    assert "captions in English<" in client.get("/replays").text
    world.session.delete(track)
    world.session.commit()
    assert "captions in" not in client.get("/replays").text
