"""What stands below every mail: why it came, and the ways to change that. Pure."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from accounts.notices.enums import Category
from accounts.notices.kinds import KINDS, Kind
from accounts.notices.links import Purpose, make_token
from accounts.notices.ports import Due, Say
from accounts.notices.wording import frame

CONFIRMING: Final = "confirm_registration"
ENTERED: Final = frozenset({"sign_in_link", "sign_up_link", "address_link", "address_changed"})
ONCE: Final = frozenset({CONFIRMING, *ENTERED})
"""Mails that come because an address was entered, once: there is nothing to end."""
VIEWERS: Final = frozenset(
    {
        Category.REMINDERS,
        Category.CHANGES,
        Category.REPLAYS,
        Category.FOLLOWS,
        Category.ACCOUNT,
    }
)
"""Whoever gets these may be somebody who needs help."""


class Link(NamedTuple):
    """Words and where they lead."""

    text: str
    address: str


class Footer(NamedTuple):
    """What stands below a mail."""

    why: str
    must: str
    """That it comes in any case; empty: it can be switched off."""
    links: tuple[Link, ...]
    help_before: str
    """Words before the link to help; empty: the mail is for people at work."""
    help_link: Link
    education: str
    calendar: str
    """What the attached entry does; empty: there is none."""
    one_click: str
    """Address that takes the POST of RFC 8058; empty: there is nothing to end."""


def footer_of(due: Due, say: Say) -> Footer:
    """Return what stands below a mail."""
    kind, words = KINDS[say.kind or due.kind], frame(due.person.language)
    about = _about(due, kind)
    return Footer(
        why=words[f"why_{_reason(due, kind)}"],
        must=words["must"] if not about and kind.name not in ONCE else "",
        links=tuple(_links(due, about, words)) if kind.name not in ONCE else (),
        help_before=words["help"] if kind.category in VIEWERS else "",
        help_link=Link(words["help_link"], due.site.page("/help", due.person.language)),
        education=words["education"],
        calendar=words[f"calendar_{say.calendar.method}"] if say.calendar else "",
        one_click=f"{due.site.address}{_ending(due, about)}" if about else "",
    )


def _links(due: Due, about: str, words: Mapping[str, str]) -> list[Link]:
    page, language = due.site.page, due.person.language
    manage = Link(words["manage"], page(_managing(due), language))
    if not about:
        return [manage]
    stop = words["stop_registration" if due.registration_id else "stop_category"]
    return [manage, Link(stop, page(_ending(due, about), language))]


def _managing(due: Due) -> str:
    if due.person.user_id is not None:
        return "/account/notices"
    return f"/notices/mine/{_token(due, Purpose.MANAGE)}"


def _ending(due: Due, about: str) -> str:
    return f"/notices/unsubscribe/{_token(due, Purpose.UNSUBSCRIBE, about)}"


def _token(due: Due, purpose: Purpose, about: str = "-") -> str:
    person = due.person
    return make_token(due.site.data_key, purpose, person.recipient_id, person.link_version, about)


def _about(due: Due, kind: Kind) -> str:
    """Return what an unsubscription ends: the registration, or the category; empty: nothing."""
    if kind.name in ONCE:
        return ""
    return due.registration_id or (kind.category if kind.can_be_off else "")


def _reason(due: Due, kind: Kind) -> str:
    if kind.name == CONFIRMING:
        return "confirm"
    if kind.name in ENTERED:
        return "entered"
    if kind.name.startswith("application_"):
        return "application"  # who applied does not host yet
    return "registration" if due.registration_id else kind.category
