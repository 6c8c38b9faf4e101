"""What somebody asked to be reminded of, with what is true of it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Recipient, Registration
from accounts.rules import Actor
from catalog.models import Host, Livestream
from catalog.queries.visibility import known_to
from core.errors import NotFound
from core.words import Words
from scheduler.registrations.rules import PAST_SHOWN, is_open


@dataclass(frozen=True, slots=True)
class Item:
    """One registration as its owner sees it; times are UTC."""

    id: str
    livestream_id: str
    titles: Words
    language: str
    host_names: Words
    starts_at: datetime
    ends_at: datetime
    livestream_state: str
    asked_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    is_open: bool
    """Whether the livestream lies ahead."""

    @property
    def state(self) -> str:
        """``ended``, ``confirmed``, or ``asked`` while the mail waits for its answer."""
        if self.ended_at is not None:
            return "ended"
        return "asked" if self.confirmed_at is None else "confirmed"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of registrations, and the cursor of the next, if there is one."""

    items: tuple[Item, ...]
    next_cursor: str | None


_ITEMS: Final[Select[*tuple[Any, ...]]] = (
    select(
        Registration.id,
        Livestream.id.label("livestream_id"),
        Livestream.titles,
        Livestream.language,
        Host.names.label("host_names"),
        Livestream.starts_at,
        Livestream.ends_at,
        Livestream.state.label("livestream_state"),
        Registration.asked_at,
        Registration.confirmed_at,
        Registration.ended_at,
    )
    .select_from(Registration)
    .join(
        Livestream,
        and_(
            Registration.subject_kind == Subject.LIVESTREAM,
            Livestream.id == Registration.subject_id,
        ),
    )
    .join(Host, Host.id == Livestream.host_id)
)


def items_of(
    session: Session, *, recipient_id: str, actor: Actor, now: datetime
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Return what lies ahead, the next one first, and the past 30 days, the last one first.

    What the ``actor`` may not know of any more is not named.
    """
    rows = session.execute(
        _ITEMS.where(Registration.recipient_id == recipient_id, known_to(actor))
        .where(Livestream.ends_at > now - PAST_SHOWN)
        .order_by(Livestream.starts_at, Registration.id)
    )
    items = [_item(row, now) for row in rows]
    ahead = [item for item in items if item.ends_at > now]
    past = [item for item in reversed(items) if item.ends_at <= now and item.confirmed_at]
    return ahead, past


def page_of(
    session: Session, *, actor: Actor, cursor: str | None, limit: int, now: datetime
) -> Page:
    """Return registrations of a person with an account by id, after the one named ``cursor``."""
    rows = session.execute(
        _ITEMS.join(Recipient, Recipient.id == Registration.recipient_id)
        .where(Recipient.user_id == actor.user_id, known_to(actor))
        .where(Registration.id > (cursor or ""))
        .order_by(Registration.id)
        .limit(limit + 1)
    ).all()
    items = tuple(_item(row, now) for row in rows[:limit])
    return Page(items, items[-1].id if len(rows) > limit else None)


def item_of(session: Session, *, registration_id: str, actor: Actor, now: datetime) -> Item:
    """Return one registration of a person with an account.

    Raises:
        NotFound: It is another's, or of what the actor may not know of any more.
    """
    row = session.execute(
        _ITEMS.join(Recipient, Recipient.id == Registration.recipient_id).where(
            Registration.id == registration_id,
            Recipient.user_id == actor.user_id,
            known_to(actor),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return _item(row, now)


def standing_of(session: Session, *, user_id: str, livestream_id: str) -> Registration | None:
    """Return the registration by which a person is told of a livestream, unless it was ended."""
    return session.scalar(
        select(Registration)
        .join(Recipient, Recipient.id == Registration.recipient_id)
        .where(
            Recipient.user_id == user_id,
            Registration.subject_kind == Subject.LIVESTREAM,
            Registration.subject_id == livestream_id,
            Registration.confirmed_at.is_not(None),
            Registration.ended_at.is_(None),
        )
    )


def _item(row: Row[*tuple[Any, ...]], now: datetime) -> Item:
    ahead = is_open(row.livestream_state, row.starts_at, now)
    return Item(is_open=ahead, **row._asdict())
