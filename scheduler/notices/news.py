"""What a person was told before, and whether somebody says it anyway: reads of the ledger."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from accounts.notices.ports import Due
from scheduler.models import Duty
from scheduler.models.notices import Mailing
from scheduler.notices.about import About
from scheduler.notices.facts import (
    VIEWER_KINDS,
    Facts,
    facts_of,
    is_news,
    is_news_for_host,
    read_facts,
)
from scheduler.notices.mailings import AHEAD

NEWS: Final = frozenset(VIEWER_KINDS.values())
"""Kinds of notices to viewers that a bulletin's revisions make."""
TELLING: Final = NEWS | {"registered", "day_before", "minutes_before"}
"""Kinds that say when a livestream is and who speaks."""
HOST_TELLING: Final = frozenset(
    {"host_scheduled", "host_changed", "host_cancelled", "host_day_before", "host_minutes_before"}
)
DUTY_TELLING: Final = frozenset(
    {"duty_assigned", "duty_changed", "duty_cancelled", "duty_day_before", "duty_minutes_before"}
)
FIRST: Final = frozenset({"registered", "host_scheduled", "duty_assigned"})
"""Kinds by which somebody first learns of it, in each part."""
NO_REVISIONS: Final = {
    "registered",
    *(f"{part}{kind}" for part in ("", "host_", "duty_") for kind in AHEAD),
}
"""Their numbers are those of other things: a start, the first time."""
FAMILIES: Final = (TELLING, HOST_TELLING, DUTY_TELLING)
_ENDED: Final = (NoticeState.DROPPED, NoticeState.FAILED)
_LOOKED_AT: Final = 20
_TOLD_AT_ONCE: Final = 1000
_FIRST_TOLD: Final = (Notice.kind.in_(sorted(FIRST)), Notice.state == NoticeState.SENT)


def family_of(kind: str) -> frozenset[str]:
    """Return the kinds that tell the same reader the same, in the same part."""
    return next((kinds for kinds in FAMILIES if kind in kinds), frozenset({kind}))


def last_told(session: Session, due: Due) -> Facts | None:
    """Return what this person was last told of the same, in the same part; None: nothing."""
    rows = session.scalars(
        select(Notice.said)
        .where(
            Notice.recipient_id == due.person.recipient_id,
            Notice.occurrence == due.occurrence,
            Notice.kind.in_(family_of(due.kind)),
            Notice.state == NoticeState.SENT,
            Notice.id != due.id,
        )
        .order_by(Notice.sent_at.desc(), Notice.revision.desc())
        .limit(_LOOKED_AT)
    )
    return next((read_facts(said) for said in rows if "start" in said), None)


def told_before(session: Session, due: Due) -> Facts | None:
    """Return what the person believes: what they were told, else what everybody was.

    None: nothing, and their first notice, which is on its way, says what is true by then.
    """
    told = None if _may_know_more(session, due) else last_told(session, due)
    if told is not None or "was" not in due.facts or _is_first_on_its_way(session, due):
        return told
    return read_facts(due.facts["was"])


def told_otherwise(session: Session, livestream_id: str, true: Facts) -> Facts | None:
    """Return what somebody was told of a livestream and is not true any more; None: nothing."""
    duties = session.scalars(select(Duty.id).where(Duty.livestream_id == livestream_id))
    told = session.scalars(
        select(Notice.said)
        .where(Notice.occurrence.in_([livestream_id, *duties]), *_FIRST_TOLD)
        .order_by(Notice.sent_at)
        .limit(_TOLD_AT_ONCE)
    )
    facts = (read_facts(said) for said in told if "start" in said)
    return next((one for one in facts if is_news(one, true)), None)


def _may_know_more(session: Session, due: Due) -> bool:
    """Tell whether the last news may have arrived without a record: its worker ended too early.

    Then the person believes what everybody was told, or what they were told before; to say what
    is true once too often is better than to leave them with what is not.
    """
    last = session.execute(
        select(Notice.state, Notice.attempts)
        .where(
            Notice.recipient_id == due.person.recipient_id,
            Notice.occurrence == due.occurrence,
            Notice.kind.in_(family_of(due.kind) - NO_REVISIONS),
            Notice.channel == due.channel,
            Notice.revision < due.revision,
        )
        .order_by(Notice.revision.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and last.state != NoticeState.SENT and last.attempts > 0


def _is_first_on_its_way(session: Session, due: Due) -> bool:
    first = select(Notice.id).where(
        Notice.recipient_id == due.person.recipient_id,
        Notice.occurrence == due.occurrence,
        Notice.kind.in_(family_of(due.kind) & FIRST),
        Notice.state.not_in((NoticeState.SENT, *_ENDED)),
    )
    return session.scalar(first.limit(1)) is not None


def is_superseded(session: Session, due: Due) -> bool:
    """Tell whether a later revision is on its way to this person."""
    kinds = sorted(family_of(due.kind) - NO_REVISIONS)
    later = select(Notice.id).where(
        Notice.recipient_id == due.person.recipient_id,
        Notice.occurrence == due.occurrence,
        Notice.kind.in_(kinds),
        Notice.channel == due.channel,
        Notice.revision > due.revision,
        Notice.state.not_in(_ENDED),
    )
    if session.scalar(later.limit(1)) is not None:
        return True
    return due.kind in NEWS and _is_mailed_later(session, due)


def _is_mailed_later(session: Session, due: Due) -> bool:
    """Tell whether everybody will be told again; this person's row may not be there yet."""
    later = select(Mailing.id).where(
        Mailing.livestream_id == due.occurrence,
        Mailing.kind.in_(NEWS),
        Mailing.revision > due.revision,
    )
    return session.scalar(later.limit(1)) is not None


def is_settling(about: About, *, is_host: bool = False) -> bool:
    """Tell whether something differs from what was told, and will be told or go back in a moment.

    Whoever was told of it now might believe what is over in a minute.
    """
    if about.told is None:
        return False
    told, true = read_facts(about.told), facts_of(about)
    return is_news(told, true) or (is_host and is_news_for_host(told, true))
