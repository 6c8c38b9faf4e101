"""What people want to be told, how often, where and in which words."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.channels import Texts
from accounts.notices.enums import Category, Pace
from accounts.notices.models import Recipient
from accounts.notices.paces import consistent, without
from core.sealing import seal


def choose(
    session: Session,
    *,
    recipient_id: str,
    choices: Mapping[Category, Pace],
    shows_titles: bool,
) -> None:
    """Keep what somebody chose; categories that are not named stay as they are."""
    _change(session, recipient_id, lambda kept: consistent({**kept, **_named(choices)}))
    _recipient(session, recipient_id).shows_titles = shows_titles
    session.flush()


def switch_off(session: Session, *, recipient_id: str, category: Category) -> None:
    """Stop a category at once; done twice, it is off."""
    _change(session, recipient_id, lambda kept: without(kept, category))


def place_recipient(session: Session, *, recipient_id: str, language: str, timezone: str) -> None:
    """Note in which language and zone somebody is written to; with an account, they are its."""
    recipient = _recipient(session, recipient_id)
    of: Recipient | User = recipient
    if recipient.user_id is not None:
        of = session.get_one(User, recipient.user_id)
    of.language, of.timezone = language, timezone
    session.flush()


def choose_texts(
    session: Session, *, recipient_id: str, phone: str, texts: Iterable[Texts], data_key: str
) -> None:
    """Keep a phone number sealed, and what goes there; an empty number is forgotten."""
    wanted = frozenset(texts) if phone else frozenset()
    paces = {one: Pace.AT_ONCE if one in wanted else Pace.OFF for one in Texts}
    _change(session, recipient_id, lambda kept: {**kept, **_named(paces)})
    _recipient(session, recipient_id).phone_sealed = seal(data_key, phone) if phone else ""
    session.flush()


def _change(
    session: Session, recipient_id: str, by: Callable[[Mapping[str, str]], Mapping[str, str]]
) -> None:
    """Write choices anew, of the row that is locked: two pages may be open."""
    recipient = _recipient(session, recipient_id)
    recipient.choices = dict(by(recipient.choices))
    session.flush()


def _named(paces: Mapping[Category, Pace] | Mapping[Texts, Pace]) -> dict[str, str]:
    return {str(name): str(pace) for name, pace in paces.items()}


def _recipient(session: Session, recipient_id: str) -> Recipient:
    return session.scalars(
        select(Recipient)
        .where(Recipient.id == recipient_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
