"""A row of the ledger with all that decides over it, in one read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.ports import Due, Person, Site
from accounts.notices.rules import COUNTED
from core.sealing import unseal


class Row(NamedTuple):
    """What is true of a row, its recipient, account and registration at this moment."""

    id: str
    recipient_id: str
    occurrence: str
    kind: str
    channel: str
    revision: int
    registration_id: str | None
    facts: Mapping[str, Any]
    attempts: int
    due_at: datetime
    give_up_at: datetime | None
    user_id: str | None
    address_sealed: str
    own_language: str
    own_timezone: str
    choices: Mapping[str, str]
    shows_titles: bool
    phone_sealed: str
    link_version: int
    email: str | None
    active: bool | None
    account_language: str | None
    account_timezone: str | None
    confirmed_at: datetime | None
    ended_at: datetime | None

    @property
    def timezone(self) -> str:
        """The zone of the account, or that in which an address was given."""
        return self.account_timezone or self.own_timezone

    @property
    def language(self) -> str:
        """The language of the account, or that in which an address was given."""
        return self.account_language or self.own_language

    @property
    def is_gone(self) -> bool:
        """Whether the account was closed."""
        return self.user_id is not None and not self.active


_ROWS: Final[Select[Any]] = (
    select(
        Notice.id,
        Notice.recipient_id,
        Notice.occurrence,
        Notice.kind,
        Notice.channel,
        Notice.revision,
        Notice.registration_id,
        Notice.facts,
        Notice.attempts,
        Notice.due_at,
        Notice.give_up_at,
        Recipient.user_id,
        Recipient.address_sealed,
        Recipient.language.label("own_language"),
        Recipient.timezone.label("own_timezone"),
        Recipient.choices,
        Recipient.shows_titles,
        Recipient.phone_sealed,
        Recipient.link_version,
        User.email,
        User.active,
        User.language.label("account_language"),
        User.timezone.label("account_timezone"),
        Registration.confirmed_at,
        Registration.ended_at,
    )
    .join(Recipient, Recipient.id == Notice.recipient_id)
    .outerjoin(User, User.id == Recipient.user_id)
    .outerjoin(Registration, Registration.id == Notice.registration_id)
)
_LEASED: Final = _ROWS.where(
    Notice.id == bindparam("notice_id"),
    Notice.state == NoticeState.LEASED,
    Notice.leased_by == bindparam("worker"),
)
_HELD: Final = (
    _ROWS.where(Notice.recipient_id == bindparam("recipient"), Notice.state == NoticeState.HELD)
    .order_by(Notice.due_at, Notice.id)
    .limit(bindparam("most"))
)
_SENT_SINCE: Final = (
    select(func.count())
    .select_from(Notice)
    .where(
        Notice.recipient_id == bindparam("recipient"),
        Notice.kind.in_(COUNTED),
        Notice.reason == "",  # what was told in a digest came with one mail
        (Notice.state == NoticeState.SENDING) | (Notice.sent_at >= bindparam("since")),
    )
)
_ONE_AT_A_TIME: Final = (
    select(Recipient.id)
    .where(Recipient.id == bindparam("recipient"))
    .with_for_update(key_share=True)
)


def leased_row(session: Session, notice_id: str, worker: str) -> Row | None:
    """Return a row that ``worker`` has a lease of; None when it is no longer its own."""
    asked = {"notice_id": notice_id, "worker": worker}
    found = session.connection().execute(_LEASED, asked).one_or_none()
    return None if found is None else Row._make(found)


def held_rows(session: Session, recipient_id: str, most: int) -> Sequence[Row]:
    """Return what waits for the digest of somebody, the oldest first."""
    asked = {"recipient": recipient_id, "most": most}
    return [Row._make(row) for row in session.connection().execute(_HELD, asked)]


def sent_since(session: Session, recipient_id: str, since: datetime) -> int:
    """Return how many notices that count were sent to somebody, or are being sent."""
    asked = {"recipient": recipient_id, "since": since}
    return int(session.connection().execute(_SENT_SINCE, asked).scalar_one())


def one_at_a_time(session: Session, recipient_id: str) -> None:
    """Let workers that count the notices of one person, or hold them, wait for each other."""
    session.connection().execute(_ONE_AT_A_TIME, {"recipient": recipient_id})


def due_of(row: Row, site: Site) -> Due:
    """Return a row as its source and the composing know it, its address opened."""
    return Due(
        id=row.id,
        kind=row.kind,
        occurrence=row.occurrence,
        revision=row.revision,
        channel=row.channel,
        facts=row.facts,
        registration_id=row.registration_id,
        due_at=row.due_at,
        give_up_at=row.give_up_at,
        person=_person(row, site.data_key),
        site=site,
    )


def _person(row: Row, data_key: str) -> Person:
    return Person(
        recipient_id=row.recipient_id,
        user_id=row.user_id,
        address=row.email or _opened(data_key, row.address_sealed),
        language=row.language,
        timezone=row.timezone,
        shows_titles=row.shows_titles,
        phone=_opened(data_key, row.phone_sealed),
        choices=row.choices,
        link_version=row.link_version,
    )


def _opened(data_key: str, sealed: str) -> str:
    return unseal(data_key, sealed) if sealed else ""
