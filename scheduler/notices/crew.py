"""Hosts and moderators are told what viewers are told, in words of their own, and more at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_users
from catalog.models import Livestream
from scheduler.duties.rules import STANDING
from scheduler.duties.services.telling import tell_released
from scheduler.enums import DutyState
from scheduler.models import Duty
from scheduler.models.notices import Bulletin
from scheduler.notices.facts import Facts, Standing, has_moved, is_news, read_facts

HOST: Final = "host_"
MODERATOR: Final = "duty_"


@dataclass(frozen=True, slots=True)
class Change:
    """A revision of a bulletin, for those who take part."""

    livestream_id: str
    revision: int
    told: Facts
    true: Facts
    since: datetime
    """Of the first change: whoever was asked to come later was told the truth."""
    ended_at: datetime
    """When it was called off, if it was: duties that ended at that moment ended with it."""


def tell_change(session: Session, change: Change, *, now: datetime) -> None:
    """Write down what its host, the one who leaves, the one who comes and moderators are told."""
    postings = _to_hosts(change) | _to_moderators(session, change)
    post_to_users(session, postings, now=now)


def remind_crew(
    session: Session,
    *,
    livestream_id: str,
    kind: str,
    revision: int,
    due_at: datetime,
    give_up_at: datetime,
    now: datetime,
) -> None:
    """Remind the host who is to come and moderators who were asked before it was due."""

    def posting(of: str, occurrence: str) -> Posting:
        return Posting(f"{of}{kind}", occurrence, revision, due_at, give_up_at)

    asked_before = (Duty.state.in_(STANDING), Duty.created_at <= due_at)
    postings = {
        moderator_id: posting(MODERATOR, duty_id)
        for moderator_id, duty_id in _duties(session, livestream_id, *asked_before).items()
    }
    host = session.scalar(
        select(Livestream.host_id).where(
            Livestream.id == livestream_id, Livestream.host_wanted_at.is_(None)
        )
    )
    if host is not None:
        postings[host] = posting(HOST, livestream_id)
    post_to_users(session, postings, now=now)


def tell_left_out(
    session: Session, *, livestream_id: str, ended_at: datetime | None, now: datetime
) -> None:
    """Tell moderators that they need not come to what takes place after all.

    Their duties ended when it was called off. When that was told already, they know.
    """
    kept = session.scalar(select(Bulletin.facts).where(Bulletin.livestream_id == livestream_id))
    if kept is None or read_facts(kept).standing is not Standing.COMING:
        return
    ended_with_it = (Duty.state == DutyState.RELEASED, Duty.updated_at == ended_at)
    for duty_id in _duties(session, livestream_id, *ended_with_it).values():
        tell_released(session, duty=session.get_one(Duty, duty_id), now=now)


def _to_hosts(change: Change) -> dict[str, Posting]:
    told, true = change.told, change.true
    if true.standing is Standing.CANCELLED:
        return _to_host(change, "host_cancelled", told.present)
    if true.standing is not Standing.COMING:
        return {}  # who did not come knows
    if told.present != true.present:
        released = _to_host(change, "host_released", told.present)
        return released | _to_host(change, "host_scheduled", true.present)
    return _to_host(change, "host_changed", true.present) if has_moved(told, true) else {}


def _to_host(change: Change, kind: str, host_id: str) -> dict[str, Posting]:
    return {host_id: _posting(change, kind, change.livestream_id)} if host_id else {}


def _to_moderators(session: Session, change: Change) -> dict[str, Posting]:
    if not is_news(change.told, change.true):
        return {}
    chosen: dict[Standing, tuple[str, tuple[Any, ...]]] = {
        Standing.COMING: (
            "duty_changed",
            (Duty.state.in_(STANDING), Duty.created_at < change.since),
        ),
        Standing.CANCELLED: (
            "duty_cancelled",
            (Duty.state == DutyState.RELEASED, Duty.updated_at == change.ended_at),
        ),
    }
    if change.true.standing not in chosen:
        return {}
    kind, conditions = chosen[change.true.standing]
    return {
        moderator_id: _posting(change, kind, duty_id)
        for moderator_id, duty_id in _duties(session, change.livestream_id, *conditions).items()
    }


def _posting(change: Change, kind: str, occurrence: str) -> Posting:
    facts = {"was": change.told.as_json()}
    return Posting(kind, occurrence, change.revision, facts=facts)


def _duties(session: Session, livestream_id: str, *conditions: Any) -> dict[str, str]:  # noqa: ANN401 -- conditions
    """Return the duty of each moderator; notices about it go by its id, as its calendar entry."""
    chosen = select(Duty.moderator_id, Duty.id).where(
        Duty.livestream_id == livestream_id, *conditions
    )
    rows = session.execute(chosen.order_by(Duty.moderator_id, Duty.created_at))
    return {row.moderator_id: row.id for row in rows}
