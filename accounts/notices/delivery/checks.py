"""What stands in the way of a notice before its source is asked: the engine's own rules. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from accounts.notices import rules
from accounts.notices.channels import TEXTED, texts_in
from accounts.notices.delivery.rows import Row
from accounts.notices.enums import Category, Channel, DropReason, Pace
from accounts.notices.kinds import KINDS, Kind
from accounts.notices.paces import pace_in
from accounts.notices.ports import Drop, Later
from accounts.rules import has_mailbox


@dataclass(frozen=True, slots=True)
class Hold:
    """It goes into the next digest of the person."""


Obstacle: TypeAlias = Drop | Later | Hold


def obstacle(row: Row, now: datetime, *, sent_today: Callable[[], int]) -> Obstacle | None:
    """Return why a notice is not sent now, or None: its source is to be asked.

    ``sent_today`` is only asked for kinds that yield to it.
    """
    kind = KINDS[row.kind]
    if reason := _unwanted(row, kind, now):
        return Drop(reason)
    if row.channel == Channel.SMS or kind.name == rules.DIGEST:
        return _quiet(row, kind, now)
    return None if _presses(row, kind, now) else _waits(row, kind, now, sent_today)


def still_wanted(row: Row, now: datetime) -> DropReason | None:
    """Return why a notice that was held is not to be told any more."""
    if pace_in(row.choices, Category.ACCOUNT) is Pace.OFF:  # it would come in the summary alone
        return DropReason.OFF
    return _unwanted(row, KINDS[row.kind], now)


def _waits(row: Row, kind: Kind, now: datetime, sent_today: Callable[[], int]) -> Obstacle | None:
    """Return until when or for what a notice waits, that is wanted, if it does."""
    if _is_daily(row, kind) and not _cannot_wait(row, now):
        return Hold()
    if quiet := _quiet(row, kind, now):
        return quiet
    if not kind.has_quiet_hours or sent_today() < rules.MOST_A_DAY:
        return None
    return _over_the_cap(row)


def _unwanted(row: Row, kind: Kind, now: datetime) -> DropReason | None:
    if row.is_gone:
        return DropReason.GONE
    if not _has_address(row):
        return DropReason.NO_ADDRESS
    if reason := _not_registered(row, kind):
        return reason
    if rules.is_too_late(row.give_up_at, now):
        return DropReason.TOO_LATE
    if row.channel == Channel.SMS and TEXTED.get(kind.name) not in texts_in(row.choices):
        return DropReason.OFF
    off = pace_in(row.choices, kind.category) is Pace.OFF
    # The digest is let through: what it tells is looked at for itself
    exempt = kind.name == rules.DIGEST or not kind.can_be_off
    return DropReason.OFF if off and not exempt else None


def _has_address(row: Row) -> bool:
    if row.channel == Channel.SMS:
        return bool(row.phone_sealed)
    return has_mailbox(row.email) if row.email else bool(row.address_sealed)


def _not_registered(row: Row, kind: Kind) -> DropReason | None:
    if row.registration_id is None or kind.name == rules.CONFIRMATION:
        return None
    if row.ended_at is not None:
        return DropReason.UNSUBSCRIBED
    return None if row.confirmed_at is not None else DropReason.NOT_CONFIRMED


def _is_daily(row: Row, kind: Kind) -> bool:
    """Whether the person wants it once a day; what somebody must know does not wait."""
    return kind.can_be_off and pace_in(row.choices, kind.category) is Pace.DAILY


def _cannot_wait(row: Row, now: datetime) -> bool:
    """Whether the digest would come too late for it: then it is told at once, not lost."""
    return rules.is_too_late(row.give_up_at, rules.next_morning(now, row.timezone))


def _presses(row: Row, kind: Kind, now: datetime) -> bool:
    """Whether staff would learn of it when it is over; nights and days of viewers stay quiet."""
    return kind.category is Category.STAFF and _cannot_wait(row, now)


def _quiet(row: Row, kind: Kind, now: datetime) -> Later | None:
    if not kind.has_quiet_hours:
        return None
    allowed = rules.allowed_at(now, row.timezone)
    return None if allowed <= now else Later(allowed)


def _over_the_cap(row: Row) -> Obstacle:
    summary = pace_in(row.choices, Category.ACCOUNT)
    return Drop(DropReason.OFF) if summary is Pace.OFF else Hold()
