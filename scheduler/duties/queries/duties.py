"""Duties as pages and the API show them: core rows with their livestream and their moderator."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.models import Host, Livestream
from catalog.queries.texts import as_text, words_of
from core.words import Words
from scheduler.duties.rules import STAFFED, STANDING
from scheduler.enums import DutyState
from scheduler.models import Duty

MOST: Final = 200


class DutyRow(NamedTuple):
    """A duty with what its moderator needs to know of the livestream; times are UTC."""

    id: str
    livestream_id: str
    titles: Words
    language: str
    host_id: str
    host_names: Words
    starts_at: datetime
    ends_at: datetime
    livestream_state: str
    visibility: str
    moderator_id: str
    moderator_name: str
    state: str
    reason: str
    created_at: datetime
    updated_at: datetime


def name_of_user() -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return how a person without a public page is called: the name they gave, else the address."""
    return func.coalesce(func.nullif(User.display_name, ""), User.email)


_ROWS: Final[Select[*tuple[Any, ...]]] = (
    select(
        Duty.id,
        Duty.livestream_id,
        as_text(Livestream.titles),
        Livestream.language,
        Livestream.host_id,
        as_text(Host.names),
        Livestream.starts_at,
        Livestream.ends_at,
        Livestream.state.label("livestream_state"),
        Livestream.visibility,
        Duty.moderator_id,
        name_of_user().label("moderator_name"),
        Duty.state,
        Duty.reason,
        Duty.created_at,
        Duty.updated_at,
    )
    .join(Livestream, Livestream.id == Duty.livestream_id)
    .join(Host, Host.id == Livestream.host_id)
    .join(User, User.id == Duty.moderator_id)
)


def duty_row(session: Session, *, duty_id: str) -> DutyRow | None:
    """Return one duty."""
    found = _read(session, _ROWS.where(Duty.id == duty_id))
    return found[0] if found else None


def my_duties(session: Session, *, moderator_id: str, now: datetime) -> Sequence[DutyRow]:
    """Return the standing duties of a person that are not over, by start."""
    return _read(
        session,
        _ROWS.where(Duty.moderator_id == moderator_id, Duty.state.in_(STANDING))
        .where(Livestream.state.in_(STAFFED), Livestream.ends_at > now)
        .order_by(Livestream.starts_at, Duty.id)
        .limit(MOST),
    )


def duties_of_livestream(session: Session, *, livestream_id: str) -> Sequence[DutyRow]:
    """Return the duties of a livestream, those that stand first, then the latest."""
    rows = _read(
        session,
        _ROWS.where(Duty.livestream_id == livestream_id)
        .order_by(Duty.updated_at.desc(), Duty.id)
        .limit(MOST),
    )
    return sorted(rows, key=lambda row: row.state not in STANDING)


def duty_rows(
    session: Session, *, moderator_id: str | None, cursor: str | None, limit: int
) -> Sequence[DutyRow]:
    """Return a page of duties by id: those of one person, or of everybody."""
    statement = _ROWS.order_by(Duty.id).limit(limit)
    if moderator_id is not None:
        statement = statement.where(Duty.moderator_id == moderator_id)
    if cursor:
        statement = statement.where(Duty.id > cursor)
    return _read(session, statement)


def latest_refusals(session: Session, *, livestream_ids: Sequence[str]) -> dict[str, DutyRow]:
    """Return the latest duty that was declined or released for a reason, by livestream."""
    rows = _read(
        session,
        _ROWS.where(Duty.livestream_id.in_(livestream_ids))
        .where(Duty.state.in_((DutyState.DECLINED, DutyState.RELEASED)), Duty.reason != "")
        .order_by(Duty.updated_at),
    )
    return {row.livestream_id: row for row in rows}


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> list[DutyRow]:
    rows = session.connection().execute(statement).all()
    return [
        DutyRow._make(
            words_of(value) if name in {"titles", "names"} else value
            for name, value in row._mapping.items()  # noqa: SLF001 -- the public name of SQLAlchemy
        )
        for row in rows
    ]
