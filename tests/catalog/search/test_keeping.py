"""The index follows every change, takes only what changed, and can be made anew."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream, LivestreamTopic, Topic
from catalog.search.models import TEXT, document, term
from catalog.search.services import catch_up, check_all, empty
from tests.catalog.search.conftest import Search, caption, ids
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


def indexed(session: Session) -> set[str]:
    return set(session.scalars(select(document.c.livestream_id)))


def counts(session: Session, *words: str) -> dict[str, int]:
    rows = session.execute(select(term.c.word, term.c.livestreams).where(term.c.word.in_(words)))
    return {row.word: row.livestreams for row in rows}


def test_catching_up_takes_what_was_written_lately_and_once(world: World) -> None:
    session = world.session
    old = world.livestream()
    old.updated_at = world.now - timedelta(days=1)
    fresh = world.livestream()
    session.flush()
    assert catch_up(session, now=world.now) == 1
    assert indexed(session) == {fresh.id}
    assert catch_up(session, now=world.now) == 0
    assert (check_all(session, most=5), indexed(session)) == (1, {old.id, fresh.id})
    assert check_all(session) == 0
    caption(world, old, "Lithium.")
    old.state = "published"  # by a rival whose clock is late
    session.flush()
    assert catch_up(session, now=world.now) == 1


def test_each_edit_reaches_the_index(world: World, search: Search) -> None:
    talk = world.livestream(state="published", titles={"en": "Plain"})
    session = world.session
    assert search("marigold").total == 0
    changes = (
        lambda: setattr(talk, "titles", {"en": "Marigold"}),
        lambda: setattr(talk, "titles", {"en": "Plain"}),
        lambda: setattr(session.get_one(Topic, "sleep"), "names", {"en": "Marigolds"}),
        lambda: session.execute(
            delete(LivestreamTopic).where(LivestreamTopic.livestream_id == talk.id)
        ),
        lambda: setattr(session.get_one(Host, "host"), "names", {"zh-Hans": "Marigold 医生"}),
    )
    found = []
    for change in changes:
        change()
        session.flush()
        found.append(ids(search("marigold")))
    assert found == [[talk.id], [], [talk.id], [], [talk.id]]


def test_what_is_gone_leaves_no_word_behind(world: World) -> None:
    session = world.session
    for title in ("Marigold", "Marigold and thyme"):
        world.livestream(titles={"en": title})
    check_all(session)
    assert counts(session, "marigold", "thyme") == {"marigold": 2, "thyme": 1}
    gone = session.scalars(select(Livestream)).all()[0]
    left = {"marigold": 1} | ({} if "thyme" in gone.titles["en"] else {"thyme": 1})
    session.delete(gone)
    session.flush()
    assert check_all(session) == 1
    assert counts(session, "marigold", "thyme") == left
    empty(session)
    assert (indexed(session), counts(session, "marigold")) == (set(), {})
    while check_all(session):
        pass
    assert counts(session, "marigold", "thyme") == left


def test_many_are_written_into_the_index_at_once(world: World) -> None:
    """FTS5 writes what it has gathered with each statement: one for each row takes minutes."""
    for _ in range(4):
        world.livestream(state="scheduled")
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        told.extend([statement] if statement.startswith(f"INSERT INTO {TEXT}") else [])

    engine = world.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert check_all(world.session) >= 4
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(told) <= 2  # out with the old words, in with the new; none on PostgreSQL
