"""Reads of issuers and rosters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from accounts.models import User
from catalog.credentials.enums import Outcome, RosterState
from catalog.credentials.models import Issuer, Roster, RosterEntry

SHOWN = 50


@dataclass(frozen=True, slots=True)
class RosterView:
    """A roster as lists show it; the numbers count its people."""

    id: str
    name: str
    issuer: str
    state: str
    note: str
    people: int
    sampled: int
    looked_up: int
    joined: int
    first_by: str | None
    first_name: str
    second_name: str
    created_at: datetime
    decided_at: datetime | None
    sha256: str


def issuers(session: Session) -> Sequence[Issuer]:
    """Return all issuers: those that are accepted first, by name."""
    return session.scalars(select(Issuer).order_by(Issuer.ended_at.is_not(None), Issuer.name)).all()


def rosters(session: Session, *, roster_id: str | None = None) -> tuple[RosterView, ...]:
    """Return the newest rosters, or one of them."""
    first, second = aliased(User), aliased(User)
    counted = (
        select(
            RosterEntry.roster_id,
            func.count().label("people"),
            func.count().filter(RosterEntry.is_sample).label("sampled"),
            func.count(RosterEntry.checked_at).label("looked_up"),
            func.count(RosterEntry.joined_at).label("joined"),
        )
        .group_by(RosterEntry.roster_id)
        .subquery()
    )
    statement = (
        select(
            Roster.id,
            Roster.name,
            Issuer.name.label("issuer"),
            Roster.state,
            Roster.note,
            func.coalesce(counted.c.people, 0),
            func.coalesce(counted.c.sampled, 0),
            func.coalesce(counted.c.looked_up, 0),
            func.coalesce(counted.c.joined, 0),
            Roster.first_by,
            func.coalesce(first.display_name, ""),
            func.coalesce(second.display_name, ""),
            Roster.created_at,
            Roster.decided_at,
            Roster.sha256,
        )
        .join(Issuer, Issuer.id == Roster.issuer_id)
        .outerjoin(counted, counted.c.roster_id == Roster.id)
        .outerjoin(first, first.id == Roster.first_by)
        .outerjoin(second, second.id == Roster.second_by)
        .order_by(Roster.created_at.desc(), Roster.id)
        .limit(SHOWN)
    )
    if roster_id is not None:
        statement = statement.where(Roster.id == roster_id)
    return tuple(RosterView(*row) for row in session.execute(statement))


def sample_of(session: Session, *, roster_id: str) -> Sequence[RosterEntry]:
    """Return the people of a roster who are looked up, in its order."""
    return session.scalars(
        select(RosterEntry)
        .where(RosterEntry.roster_id == roster_id, RosterEntry.is_sample)
        .order_by(RosterEntry.position)
    ).all()


def entries_of(session: Session, *, roster_id: str) -> Sequence[RosterEntry]:
    """Return everybody of a roster, in its order."""
    return session.scalars(
        select(RosterEntry).where(RosterEntry.roster_id == roster_id).order_by(RosterEntry.position)
    ).all()


def sample_left(session: Session, *, roster_id: str) -> int:
    """Return how many of the sample were not confirmed yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RosterEntry)
            .where(
                RosterEntry.roster_id == roster_id,
                RosterEntry.is_sample,
                RosterEntry.outcome != Outcome.CONFIRMED,
            )
        )
        or 0
    )


def is_on_roster(session: Session, *, roster_id: str, user_id: str | None) -> bool:
    """Tell whether a person stands on a roster themselves."""
    found = (
        select(RosterEntry.id)
        .join(User, User.email == RosterEntry.email)
        .where(RosterEntry.roster_id == roster_id, User.id == user_id)
    )
    return session.scalar(found.limit(1)) is not None


def users_by_email(session: Session, *, emails: Collection[str]) -> dict[str, User]:
    """Return the accounts that some addresses have already."""
    found = session.scalars(select(User).where(User.email.in_(list(emails))))
    return {user.email: user for user in found}


def entry_of_link(session: Session, *, fingerprint: str, lock: bool = False) -> RosterEntry | None:
    """Return the person whom a link of an approved roster invites, until it is used."""
    statement = (
        select(RosterEntry)
        .join(Roster, Roster.id == RosterEntry.roster_id)
        .where(
            RosterEntry.join_fingerprint == fingerprint,
            RosterEntry.joined_at.is_(None),
            Roster.state == RosterState.APPROVED,
        )
    )
    if lock:
        statement = statement.with_for_update(of=RosterEntry)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
