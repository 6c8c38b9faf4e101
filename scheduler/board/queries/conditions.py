"""What is selected and what is wrong, as conditions in SQL on livestreams and their hosts."""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream
from catalog.queries import Filters, conditions_of
from core.orm import UtcDateTime
from core.words import LANGUAGES
from scheduler.board.rules.problems import MODERATED, TAKES_TIME
from scheduler.board.rules.selection import PROBLEMS, STATES, Selection
from scheduler.duties.queries.rota import lacks_moderators
from scheduler.enums import ReservationKind, SearchState
from scheduler.models import Reservation, Search
from scheduler.models.grid import STANDING

NOW = bindparam("now", type_=UtcDateTime())
LONG_AGO = bindparam("long_ago", type_=UtcDateTime())


def selected(selection: Selection) -> list[ColumnElement[bool]]:
    """Return the conditions of a selection; hosts must be joined."""
    state = selection.state if selection.state in STATES else ""
    filters = Filters(
        states=(state,) if state else (), topic=selection.topic, language=selection.language
    )
    found = [Livestream.state != L.DRAFT, *conditions_of(filters)]
    if selection.host:
        found.append(_is_host(selection.host))
    if selection.state == PROBLEMS:
        found.append(is_wrong())
    return found


def is_wrong() -> ColumnElement[bool]:
    """Return whether :func:`scheduler.board.rules.problems.problems_of` finds anything."""
    host = or_(
        ~is_reserved(),
        Host.verified_until.is_(None),
        Host.verified_until <= NOW,
        Host.verified_until <= Livestream.starts_at,
        latest_search() == SearchState.GIVEN_UP,
    )
    coming = and_(
        Livestream.state.in_(TAKES_TIME),
        Livestream.ends_at > NOW,
        or_(
            and_(Livestream.state.in_(MODERATED), lacks_moderators()),
            and_(Livestream.state == L.PROPOSED, Livestream.updated_at < LONG_AGO),
            and_(host, ~is_searched()),
        ),
    )
    return or_(coming, and_(Livestream.state == L.PROPOSED, Livestream.ends_at <= NOW))


def is_reserved() -> ColumnElement[bool]:
    """Return whether a livestream has the time it needs."""
    return exists().where(
        Reservation.kind == ReservationKind.LIVESTREAM,
        Reservation.subject_id == Livestream.id,
        STANDING,
    )


def is_searched() -> ColumnElement[bool]:
    """Return whether another host is being looked for."""
    return exists().where(Search.livestream_id == Livestream.id, Search.state == SearchState.ASKING)


def latest_search() -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return the state of the latest search for another host."""
    return (
        select(Search.state)
        .where(Search.livestream_id == Livestream.id)
        .order_by(Search.opened_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _is_host(text: str) -> ColumnElement[bool]:
    names: Any = Host.names
    named = (names[tag].as_string().icontains(text, autoescape=True) for tag in LANGUAGES)
    return or_(Livestream.host_id == text, *named)
