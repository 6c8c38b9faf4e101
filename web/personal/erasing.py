"""The end of an account: closed at once, erased from database, search and storage, with a receipt.

Who teaches here has recordings, which take a worker minutes; everybody else is gone at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.joining.enums import ConsentKind
from accounts.joining.errors import LastAdministrator, StillHosting
from accounts.joining.models import Erasure
from accounts.joining.services.consents import withdraw_consent
from accounts.models import User, user_roles
from accounts.notices.personal import erase_mails
from accounts.rules import no_mailbox
from accounts.services import end_sessions, record_audit
from catalog.credentials.models import Application, Document
from catalog.enums import LivestreamState as L
from catalog.models import Host, Livestream
from catalog.search.services.keeping import forget
from core.database import database_now
from core.ids import new_id
from core.orm import Base
from core.personal import erase
from core.settings import Settings
from core.work.services import enqueue
from media.paths import broadcast_prefix, upload_prefix
from media.removal import drop_work, forget_files, shut_out, sweep, upload_ids
from media.steps import StepContext
from streams.handouts.models import Handout
from streams.studio.models import Slides
from web.personal.register import REGISTER, person_of

ERASE: Final = "person.erase"
WAITED_FOR: Final = (L.PROPOSED, L.SCHEDULED, L.LIVE)
ATTEMPTS: Final = 100
"""About a day; a storage that is away must not end it."""


@dataclass(frozen=True, slots=True)
class Things:
    """What of a person lies in the object storage."""

    broadcasts: tuple[str, ...]
    uploads: tuple[str, ...]
    objects: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.broadcasts or self.uploads or self.objects)


def waited_for(session: Session, *, user_id: str) -> Sequence[Livestream]:
    """Return the livestreams for which others wait."""
    mine = select(Livestream).where(Livestream.host_id == user_id, Livestream.state.in_(WAITED_FOR))
    return session.scalars(mine.order_by(Livestream.starts_at, Livestream.id)).all()


def check(session: Session, *, user_id: str) -> None:
    """Refuse an erasure that would leave others waiting.

    Raises:
        StillHosting: A livestream of theirs is proposed, scheduled or live.
        LastAdministrator: Nobody would look after the installation.
    """
    if waited_for(session, user_id=user_id):
        raise StillHosting
    held = select(user_roles.c.user_id).where(user_roles.c.role_name == Role.ADMINISTRATOR)
    is_one = session.execute(held.where(user_roles.c.user_id == user_id)).first() is not None
    others = select(func.count()).select_from(User).where(User.active, User.id.in_(held))
    if is_one and session.scalars(others.where(User.id != user_id)).one() == 0:
        raise LastAdministrator


def begin(session: Session, *, user: User, settings: Settings, now: datetime) -> Erasure:
    """Close an account for good; erase it at once, or ask the worker where files have to go.

    Raises:
        StillHosting, LastAdministrator: See :func:`check`.
    """
    check(session, user_id=user.id)
    receipt = Erasure(id=new_id(), user_id=user.id, asked_at=now, counts={})
    session.add(receipt)
    user.active, user.password = False, None
    user.email, user.display_name = no_mailbox(user.id), ""
    end_sessions(session, user=user)
    withdraw_consent(session, user_id=user.id, kind=ConsentKind.HISTORY, now=now)
    _hide(session, user.id, now)
    if things_of(session, user_id=user.id):
        enqueue(session, kind=ERASE, subject=receipt.id, now=now, max_attempts=ATTEMPTS)
    else:
        finish(session, receipt=receipt, settings=settings, objects=0, now=now)
    return receipt


def finish(
    session: Session, *, receipt: Erasure, settings: Settings, objects: int, now: datetime
) -> None:
    """Erase every row and every mail; the receipt says how many, and no longer whose."""
    user_id = str(receipt.user_id)
    person = person_of(session, user_id=user_id, data_key=settings.data_key)
    forget(session, list(session.scalars(_shows_of(user_id).with_only_columns(Livestream.id))))
    mails = erase_mails(session, recipient_id=person.recipient_id, mail=settings.mail)
    counts = erase(session, person, register=REGISTER, metadata=Base.metadata)
    receipt.user_id, receipt.done_at = None, now
    receipt.counts = {**counts, "mails": mails, "objects": objects}
    record_audit(
        session,
        actor_id=None,
        act="account.erase",
        subject_kind="receipt",
        subject_id=receipt.id,
        now=now,
    )


def erase_person(context: StepContext) -> None:
    """Remove what lies in the storage, and then every row; may be repeated after a kill."""
    with context.sessions.begin() as session:
        receipt = session.get(Erasure, context.subject)
        if receipt is None or receipt.user_id is None:
            return
        user_id = receipt.user_id
        things = things_of(session, user_id=user_id)
        for broadcast_id in things.broadcasts:
            shut_out(session, broadcast_id=broadcast_id)
            drop_work(session, broadcast_id=broadcast_id, but=ERASE, now=receipt.asked_at)
    removed = _remove(context, things)
    with context.sessions.begin() as session:
        receipt = session.get_one(Erasure, context.subject)
        finish(
            session,
            receipt=receipt,
            settings=context.settings,
            objects=removed,
            now=database_now(session),
        )


def things_of(session: Session, *, user_id: str) -> Things:
    """Return what of a person lies in the object storage."""
    mine = _shows_of(user_id)
    broadcasts = session.scalars(mine.with_only_columns(Livestream.broadcast_id)).all()
    documents = session.scalars(
        select(Document.object_key)
        .join(Application, Application.id == Document.application_id)
        .where(Application.user_id == user_id, Document.removed_at.is_(None))
    ).all()
    slides = session.scalars(select(Slides.object_key).where(Slides.livestream_id.in_(mine))).all()
    given = select(Handout.object_key).where(Handout.livestream_id.in_(mine))
    handouts = session.scalars(given).all()
    uploads = [upload for one in broadcasts for upload in upload_ids(session, broadcast_id=one)]
    return Things(tuple(broadcasts), tuple(uploads), (*documents, *slides, *handouts))


def _shows_of(user_id: str) -> Select[str]:
    return select(Livestream.id).where(Livestream.host_id == user_id)


def _remove(context: StepContext, things: Things) -> int:
    found: list[int] = []
    prefixes = [
        *(broadcast_prefix(one) for one in things.broadcasts),
        *(upload_prefix(one) for one in things.uploads),
    ]
    sweep(context, prefixes, found=lambda _number, objects, _size: found.append(objects))
    for key in things.objects:
        context.storage.delete(key)
    for one in things.broadcasts:
        forget_files(context.settings, one)
    return sum(found) + len(things.objects)


def _hide(session: Session, user_id: str, now: datetime) -> None:
    """Let nobody find somebody who is about to go, nor watch what was recorded of them."""
    session.execute(update(Host).where(Host.id == user_id).values(verified_until=now))
    session.execute(
        update(Livestream)
        .where(Livestream.host_id == user_id)
        .values(withheld_at=now, updated_at=now)
    )
