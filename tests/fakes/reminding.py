"""People who ask to be reminded, and the links of the mails they would get."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.links import Purpose, make_token
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.ports import Due, Person, Site
from catalog.models import Livestream
from core.sealing import unseal
from scheduler.registrations.rules import about_of
from scheduler.registrations.services import Asked, ask_by_mail

DATA_KEY = "a data key for tests"
EMAIL = "mei@example.net"
SITE = Site("https://talks.example", "talks@talks.example", DATA_KEY)


@dataclass(frozen=True)
class Waiting:
    """One registration with its owner."""

    recipient: Recipient
    registration: Registration

    @property
    def confirm(self) -> str:
        """The address in the mail that asks whether it was them."""
        about = about_of(self.registration.id, self.registration.asks)
        return f"/notices/confirm/{self._token(Purpose.CONFIRM, about)}"

    @property
    def manage(self) -> str:
        """The address of the page of everything."""
        return f"/notices/mine/{self._token(Purpose.MANAGE, '-')}"

    def _token(self, purpose: Purpose, about: str) -> str:
        return make_token(DATA_KEY, purpose, self.recipient.id, self.recipient.link_version, about)


def waiting(
    session: Session,
    livestream: Livestream,
    now: datetime,
    email: str = EMAIL,
    *,
    language: str = "en",
    timezone: str = "Asia/Shanghai",
) -> Waiting:
    """Let somebody without an account ask, without the limits of the page."""
    registration = ask_by_mail(
        session,
        asked=Asked(livestream.id, livestream.starts_at),
        email=email,
        language=language,
        timezone=timezone,
        data_key=DATA_KEY,
        now=now,
    )
    return Waiting(session.get_one(Recipient, registration.recipient_id), registration)


def rows(session: Session) -> list[tuple[str, str, int]]:
    """Return kind, occurrence and revision of every row of the ledger, in the order of kinds."""
    found = session.execute(
        select(Notice.kind, Notice.occurrence, Notice.revision).order_by(
            Notice.kind, Notice.revision, Notice.id
        )
    )
    return [(kind, occurrence, revision) for kind, occurrence, revision in found]


def addresses(session: Session) -> list[str]:
    """Return every address that is kept."""
    sealed = session.scalars(select(Recipient.address_sealed).order_by(Recipient.id))
    return [unseal(DATA_KEY, one) for one in sealed if one]


def due_of(session: Session, one: Waiting, kind: str = "confirm_registration") -> Due:
    """Return the row of a kind as the ledger shows it to its source."""
    notice = session.scalars(
        select(Notice)
        .where(Notice.recipient_id == one.recipient.id, Notice.kind == kind)
        .order_by(Notice.revision.desc())
        .limit(1)
    ).one()
    recipient = one.recipient
    return Due(
        id=notice.id,
        kind=kind,
        occurrence=notice.occurrence,
        revision=notice.revision,
        channel=notice.channel,
        facts=notice.facts,
        registration_id=notice.registration_id,
        due_at=notice.due_at,
        give_up_at=notice.give_up_at,
        person=Person(
            recipient.id,
            None,
            EMAIL,
            recipient.language,
            recipient.timezone,
            link_version=recipient.link_version,
        ),
        site=SITE,
    )
