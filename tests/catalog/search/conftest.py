"""A catalogue with transcripts, and an index that is current when a test asks for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from accounts.rules import STRANGER, Actor
from catalog.models import Livestream
from catalog.search.access import Searched, search_for
from catalog.search.queries.finding import Wanted
from catalog.search.services import check_all, empty
from media.models import TextTrack
from tests.fakes.programme import World

Search = Callable[..., Searched]


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    """Return people and topics; nothing of another test is indexed."""
    empty(session)
    return World(session, now).build()


@pytest.fixture
def search(session: Session, now: datetime) -> Search:
    """Return a search on an index that is brought up to date before."""

    def found(text: str, actor: Actor = STRANGER, **more: Any) -> Searched:  # noqa: ANN401 -- options
        while check_all(session):
            pass
        wanted = more.pop("wanted", Wanted())
        asked = {"language": "en", "page": 1, **more}
        return search_for(session, actor=actor, text=text, wanted=wanted, now=now, **asked)

    return found


def caption(
    world: World, livestream: Livestream, *lines: str, language: str = "en", mark: str = ""
) -> TextTrack:
    """Let these lines be said, one a minute from the first on."""
    track = TextTrack(
        broadcast_id=livestream.broadcast_id,
        kind="captions",
        language=language,
        source="human",
        cues=[[60_000 * at, 60_000 * at + 900, line] for at, line in enumerate(lines)],
        object_key=f"broadcasts/{livestream.broadcast_id}/captions-{language}{mark}.vtt",
        size=1,
        sha256="0" * 64,
        created_at=world.now,
    )
    world.session.add(track)
    world.session.flush()
    return track


def ids(searched: Searched) -> list[str]:
    """Return what was found, in order."""
    return [hit.livestream.id for hit in searched.hits]
