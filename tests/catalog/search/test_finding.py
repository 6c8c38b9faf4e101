"""What is found, by whom, in which order, and that nothing leaks."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from accounts.rules import STRANGER
from catalog.access import livestream_view_for
from catalog.models import LivestreamAudience
from catalog.queries import Filters
from catalog.search.enums import Manner
from catalog.search.queries.finding import Wanted
from catalog.search.queries.related import related
from media.models import Broadcast
from tests.catalog.search.conftest import Search, caption, ids
from tests.catalog.search.labelled import EXPECTED, TALKS
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

SECRET = "kingfisher"
COUNTED = 7


def test_every_labelled_query_finds_its_talks_and_no_other(world: World, search: Search) -> None:
    names = {}
    for name, (language, title, text, lines) in TALKS.items():
        talk = world.livestream(
            state="published",
            broadcast="ended",
            language=language,
            titles={language: title},
            descriptions={language: text},
            topics=("anxiety",),
        )
        caption(world, talk, *lines, language=language)
        names[talk.id] = name
    found = {
        query: {names[one] for one in ids(search(query, language="zh-Hans"))} for query in EXPECTED
    }
    assert found == EXPECTED


def test_what_is_private_is_neither_found_nor_counted_nor_offered(
    world: World, search: Search
) -> None:
    public = world.livestream(state="published", broadcast="ended")
    private = world.private(state="published", broadcast="ended")
    private.titles = {"en": f"The {SECRET} meeting"}
    caption(world, private, f"Our {SECRET} plan at night")
    draft = world.livestream(titles={"en": f"A draft on {SECRET}"})
    world.session.flush()
    known = {
        name: (search(SECRET, actor).total, set(ids(search(SECRET, actor))))
        for name, actor in world.actors.items()
    }
    member, staff = (1, {private.id}), (1, {private.id})
    nobody = (0, set[str]())
    assert search(SECRET).manner == Manner.NOTHING
    assert known == {
        **dict.fromkeys(("viewer", "other_host", "employee_b", "hr_b"), nobody),
        "employee_a": member,
        **dict.fromkeys(("host", "editor", "administrator"), staff),
    }
    for slip in ("kingfishr", "kingfisherr", f"{SECRET} night"):
        stranger = search(slip)
        assert private.id not in ids(stranger)
        assert (SECRET in stranger.instead, stranger.total) == (False, int(slip.endswith("night")))
    assert search("kingfishr", world.actors["employee_a"]).instead == SECRET
    assert search("night").total == 1
    assert draft.id not in ids(search("draft", world.actors["editor"]))
    view = livestream_view_for(world.session, livestream_id=public.id, actor=STRANGER)
    beside = {
        name: [one.id for one in related(world.session, view=view, actor=actor, now=world.now)]
        for name, actor in (("stranger", STRANGER), ("member", world.actors["employee_a"]))
    }
    assert beside == {"stranger": [], "member": [private.id]}


def test_a_private_turn_is_obeyed_before_the_index_knows(world: World, search: Search) -> None:
    talk = world.livestream(state="published", titles={"en": SECRET})
    assert search(SECRET).total == 1
    talk.visibility, talk.organisation_id = "organisation", "companya"
    world.session.flush()
    stale = search(SECRET)  # the words are the same, so the row is not made anew
    assert (stale.total, stale.hits) == (0, ())


@pytest.mark.parametrize("way", ["withheld", "unpublished", "retired", "trimmed", "emptied"])
def test_words_that_may_not_be_heard_any_more_are_gone(
    world: World, search: Search, session: Session, way: str
) -> None:
    talk = world.livestream(state="published", broadcast="ended")
    track = caption(world, talk, "Good evening.", f"The {SECRET} flew away.")
    first = search(SECRET)
    assert [line.second for line in first.hits[0].lines] == [60]
    match way:
        case "withheld":
            talk.withheld_at = world.now
        case "unpublished":
            talk.state = "ended"
        case "trimmed":
            track.cues, track.object_key = track.cues[:1], "broadcasts/x/other.vtt"
        case "retired":
            session.delete(track)
        case _:
            session.delete(track)
            session.get_one(Broadcast, talk.broadcast_id).emptied_at = world.now
    session.flush()
    assert search(SECRET).manner == Manner.NOTHING
    if way != "unpublished":
        assert search("thoughts").total == 1


def test_a_word_of_a_chapter_alone_is_found_at_its_second(world: World, search: Search) -> None:
    talk = world.livestream(state="published", broadcast="ended")
    caption(world, talk, "Welcome", f"The {SECRET}", mark="-chapters").kind = "chapters"
    world.session.flush()
    caption(world, talk, "Good evening.", "It flew away.")
    hit = search(SECRET).hits[0]
    assert ([line.second for line in hit.lines], hit.is_said) == ([60], False)
    talk.withheld_at = world.now
    world.session.flush()
    assert search(SECRET).hits == ()


def test_titles_come_before_descriptions_and_before_what_is_said(
    world: World, search: Search
) -> None:
    def talk(**words: Any) -> str:  # noqa: ANN401 -- fields of a draft
        made = world.livestream(state="published", broadcast="ended", **words)
        if said := words.get("descriptions") == {"en": "Nothing."}:
            del said
            caption(world, made, "Once lithium.")
        return made.id

    once = talk(titles={"en": "One"}, descriptions={"en": "Nothing."})
    about = talk(titles={"en": "Two"}, descriptions={"en": "On lithium."})
    title = talk(titles={"en": "Lithium"}, descriptions={"en": "Plain."})
    found = search("lithium")
    assert ids(found) == [title, about, once]
    assert [piece.text for piece in found.hits[1].text if piece.is_marked] == ["lithium"]
    assert [piece.text for piece in found.hits[0].title if piece.is_marked] == ["Lithium"]
    assert found.hits[2].text == ()


def test_filters_narrow_what_is_found(world: World, search: Search) -> None:
    now = world.now
    long = world.livestream(state="published", topics=("anxiety",), language="zh-Hans")
    short = world.livestream(state="published")
    short.starts_at = now - timedelta(days=3)
    short.ends_at = short.starts_at + timedelta(minutes=20)
    coming = world.livestream(state="scheduled", ends_at=now + timedelta(hours=1, minutes=30))
    live = world.livestream(state="live", broadcast="receiving")
    late = world.livestream(state="scheduled")  # late: nobody began it
    late.starts_at = now - timedelta(minutes=30)
    world.session.add(LivestreamAudience(livestream_id=coming.id, audience="relatives"))
    world.session.flush()

    def found(**wanted: object) -> set[str]:
        return set(ids(search("thoughts", wanted=Wanted(**wanted))))  # type: ignore[arg-type]

    assert found() == {long.id, short.id, coming.id, live.id}
    assert found(filters=Filters(topic="anxiety")) == {long.id}
    assert found(filters=Filters(language="zh-Hans")) == {long.id}
    assert found(filters=Filters(audience="relatives")) == {coming.id}
    assert found(filters=Filters(audience="public")) == {long.id, short.id, live.id}
    assert found(filters=Filters(starts_to=now)) == {short.id}
    assert found(filters=Filters(starts_from=now)) == {long.id, coming.id, live.id}
    assert found(when="live") == {live.id}
    assert found(when="coming") == {coming.id}
    assert found(when="replay") == {long.id, short.id}
    assert found(length="short") == {short.id}
    assert found(length="medium") == {coming.id}
    assert found(length="long") == {long.id, live.id}


def test_after_the_last_page_comes_the_first_of_the_same(world: World, search: Search) -> None:
    talk = world.livestream(state="published")
    found = search("thoughts arrive", page=3)
    assert (found.manner, found.page, ids(found)) == (Manner.AS_TYPED, 1, [talk.id])


def test_some_of_the_words_are_better_than_nothing(world: World, search: Search) -> None:
    talk = world.livestream(state="published")
    found = search("thoughts xylophone")
    assert (found.manner, ids(found)) == (Manner.SOME_WORDS, [talk.id])
    assert search("xylophone").manner == Manner.NOTHING
    assert search("the of").manner == Manner.NOTHING


def test_related_talks_are_about_the_same(world: World, search: Search) -> None:
    about = world.livestream(state="published", titles={"en": "Panic at night"})
    like = world.livestream(state="published", titles={"en": "Panic by day"})
    other = world.livestream(state="published", titles={"en": "Tea"}, topics=("sleep", "anxiety"))
    world.livestream(state="published", titles={"en": "Panic"}, topics=("anxiety",))
    hidden = world.livestream(state="published", titles={"en": "Panic"})
    hidden.withheld_at = world.now
    world.session.flush()
    search("panic")
    view = livestream_view_for(world.session, livestream_id=about.id, actor=STRANGER)
    found = related(world.session, view=view, actor=STRANGER, now=world.now)
    assert [one.id for one in found] == [like.id, other.id]
