"""What mails about an account say, looked at again when they are sent."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from accounts.joining.models import MailLink
from accounts.joining.queries import is_administrator
from accounts.joining.rules import make_secret
from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop, Due, Say, Source
from accounts.notices.times import written

PATHS: Final = {
    "sign_in_link": "/sign-in/link/",
    "sign_up_link": "/sign-in/link/",
    "address_link": "/account/address/link/",
}


def link(session: Session, due: Due, now: datetime) -> Answer:
    """Bring a link, as long as it can be used. Administrators sign in by other means."""
    found = session.get(MailLink, due.occurrence, populate_existing=True)
    if found is None or found.used_at is not None:
        return Drop(DropReason.NOT_TRUE)
    if now >= found.expires_at:
        return Drop(DropReason.TOO_LATE)
    person, site = due.person, due.site
    if due.kind == "sign_in_link" and is_administrator(session, user_id=person.user_id or ""):
        return Drop(DropReason.OFF)
    until = written(found.expires_at, person.timezone, person.language)
    path = f"{PATHS[due.kind]}{make_secret(site.data_key, found.id)}"
    return Say(values={"until": until}, link=site.page(path, person.language))


def change(session: Session, due: Due, now: datetime) -> Answer:
    """Tell of what was done to an account; it stays true."""
    del session, now
    return Say(values={}, link=due.site.page("/account", due.person.language))


SOURCES: Final[Mapping[str, Source]] = MappingProxyType(
    {
        **dict.fromkeys(PATHS, link),
        "address_changed": change,
        "way_in_changed": change,
    }
)
