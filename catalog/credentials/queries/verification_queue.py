"""What waits on the editors' page of licences, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from accounts.models import User
from catalog.credentials.enums import ApplicationState, CheckStep, CredentialState
from catalog.credentials.models import Application, Credential, CredentialCheck
from catalog.credentials.queries.verification_rosters import RosterView, rosters
from catalog.credentials.rules.verification import NOTICE
from catalog.models import Host

SHOWN: Final = 200
WITHDRAWN_SHOWN: Final = 20
WAITING_STATES: Final = (ApplicationState.SUBMITTED, ApplicationState.GRANTED)


@dataclass(frozen=True, slots=True)
class Item:
    """One person of a list; ``since`` is when it began to wait, or is due, or was withdrawn."""

    person_id: str
    name: str
    kind: str
    country: str
    authority: str
    since: datetime
    first_by: str | None = None
    first_name: str = ""
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """All that the page shows; a first approver finds nothing of theirs in ``second``."""

    first: tuple[Item, ...]
    second: tuple[Item, ...]
    second_of_others: int
    """How many wait for a second person who is not the one who asks."""
    due: tuple[Item, ...]
    lapsed: tuple[Item, ...]
    withdrawn: tuple[Item, ...]
    rosters: tuple[RosterView, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits for anybody."""
        waiting = (self.first, self.second, self.due, self.lapsed)
        return not any(waiting) and not self.second_of_others


def queue_for(session: Session, *, actor_id: str, now: datetime) -> Queue:
    """Return what waits, for one of the staff; their own licence is never among it."""
    pending = _pending(session, actor_id)
    second = [one for one in pending if one.first_by is not None]
    offered = tuple(one for one in second if one.first_by != actor_id)
    granted = _granted(session, actor_id, now)
    return Queue(
        first=tuple(one for one in pending if one.first_by is None),
        second=offered,
        second_of_others=len(second) - len(offered),
        due=tuple(one for one in granted if one.since > now),
        lapsed=tuple(one for one in granted if one.since <= now),
        withdrawn=_withdrawn(session, actor_id),
        rosters=rosters(session),
    )


def duplicates_of(session: Session, *, credential: Credential) -> Sequence[tuple[str, str, str]]:
    """Return who else claims the number of a licence: (person id, name, state), by name."""
    if not credential.number_fingerprint:  # an operator entered the host without a number
        return []
    rows = session.execute(
        select(Credential.user_id, User.display_name, Credential.state)
        .join(User, User.id == Credential.user_id)
        .where(
            Credential.number_fingerprint == credential.number_fingerprint,
            Credential.user_id != credential.user_id,
        )
        .order_by(User.display_name, Credential.created_at)
    )
    return [(row.user_id, row.display_name, row.state) for row in rows]


@dataclass(frozen=True, slots=True)
class Look:
    """One check in the history of a person's licences."""

    step: str
    outcome: str
    by: str
    source: str
    evidence: str
    checked_at: datetime


def looks_of(session: Session, *, person_id: str) -> Sequence[Look]:
    """Return every check of every licence of a person, the newest first."""
    rows = session.execute(
        select(
            CredentialCheck.step,
            CredentialCheck.outcome,
            User.display_name,
            CredentialCheck.source,
            CredentialCheck.evidence,
            CredentialCheck.checked_at,
        )
        .join(Credential, Credential.id == CredentialCheck.credential_id)
        .join(User, User.id == CredentialCheck.checked_by)
        .where(Credential.user_id == person_id)
        .order_by(CredentialCheck.checked_at.desc(), CredentialCheck.step.desc())
    )
    return [Look(*row) for row in rows]


def _pending(session: Session, actor_id: str) -> list[Item]:
    first, approver = aliased(CredentialCheck), aliased(User)
    since = func.coalesce(Application.submitted_at, Credential.created_at)
    statement = (
        _people(since, first.checked_by, approver.display_name)
        .outerjoin(Application, Application.user_id == Credential.user_id)
        .outerjoin(first, and_(first.credential_id == Credential.id, first.step == CheckStep.FIRST))
        .outerjoin(approver, approver.id == first.checked_by)
        .where(Credential.state == CredentialState.PENDING, Credential.user_id != actor_id)
        .where(Application.id.is_(None) | Application.state.in_(WAITING_STATES))
        .order_by(since, Credential.id)
        .limit(SHOWN)
    )
    return [_item(row) for row in session.execute(statement)]


def _granted(session: Session, actor_id: str, now: datetime) -> list[Item]:
    """Return whose recheck is due; hosts without a licence row (made by hand) run out as well."""
    statement = (
        _people(Credential.recheck_due_at, _NOBODY, _NO_NAME)
        .where(Credential.state == CredentialState.GRANTED, Credential.user_id != actor_id)
        .where(Credential.recheck_due_at <= now + NOTICE)
        .order_by(Credential.recheck_due_at, Credential.id)
        .limit(SHOWN)
    )
    return [_item(row) for row in session.execute(statement)]


def _withdrawn(session: Session, actor_id: str) -> tuple[Item, ...]:
    newer = aliased(Credential)
    has_newer = (
        select(newer.id)
        .where(newer.user_id == Credential.user_id, newer.created_at > Credential.created_at)
        .exists()
    )
    statement = (
        _people(Credential.withdrawn_at, _NOBODY, _NO_NAME)
        .where(Credential.state == CredentialState.WITHDRAWN, Credential.user_id != actor_id)
        .where(~has_newer)
        .order_by(Credential.withdrawn_at.desc(), Credential.id)
        .limit(WITHDRAWN_SHOWN)
    )
    return tuple(_item(row) for row in session.execute(statement))


_NOBODY: Final = func.nullif("", "").label("first_by")
_NO_NAME: Final = func.nullif("", "").label("first_name")


def _people(since: Any, by: Any, by_name: Any) -> Select[Any]:  # noqa: ANN401 -- columns
    return (
        select(
            Credential.user_id,
            Credential.holder,
            Credential.kind,
            Credential.country,
            Credential.authority,
            since.label("since"),
            by.label("by"),
            by_name.label("by_name"),
            Host.names,
            Host.is_example,
        )
        .select_from(Credential)
        .outerjoin(Host, Host.id == Credential.user_id)
    )


def _item(row: Any) -> Item:  # noqa: ANN401 -- a row of _people
    names: dict[str, str] = row.names or {}
    return Item(
        person_id=row.user_id,
        name=row.holder or next(iter(names.values()), ""),
        kind=row.kind,
        country=row.country,
        authority=row.authority,
        since=row.since,
        first_by=row.by,
        first_name=row.by_name or "",
        is_example=bool(row.is_example),
    )
