"""Every kind of notice in the words of editors: what it is, when it is sent, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accounts.notices.enums import Category
from accounts.notices.kinds import KINDS, Kind
from core.errors import _


@dataclass(frozen=True, slots=True)
class Named:
    """What a kind is called, and when it is sent; both are translated where they are shown."""

    name: str
    when: str


@dataclass(frozen=True, slots=True)
class Group:
    """The kinds for one sort of reader."""

    key: str
    title: str
    kinds: tuple[Kind, ...]


VIEWERS: Final = {
    "confirm_registration": Named(
        _("Please confirm"), _("When somebody without an account asks to be reminded.")
    ),
    "registered": Named(_("Registered"), _("After a registration is confirmed.")),
    "day_before": Named(_("A day before"), _("24 hours before the start.")),
    "minutes_before": Named(_("Shortly before"), _("10 minutes before the start.")),
    "changed": Named(_("Changed"), _("When time or host have changed and stand.")),
    "cancelled": Named(_("Cancelled"), _("When a livestream is cancelled.")),
    "not_held": Named(_("Did not take place"), _("When nobody went on air within 30 minutes.")),
    "replay_ready": Named(_("Replay ready"), _("When the replay is released.")),
    "new_for_you": Named(_("New for followers"), _("When what they follow is announced.")),
    "replay_for_you": Named(_("Replay for followers"), _("When what they follow can be watched.")),
    "sign_in_link": Named(_("Link to sign in"), _("When somebody asks for it at an account.")),
    "sign_up_link": Named(_("Link to make an account"), _("When an address has no account yet.")),
    "address_link": Named(_("New address"), _("When an account is to have another address.")),
    "address_changed": Named(_("Address changed"), _("To the old address, once that is done.")),
    "way_in_changed": Named(_("Way in changed"), _("When a password or a passkey changes.")),
    "digest": Named(_("Digest"), _("In the morning, with what was held back.")),
}
HOSTS: Final = {
    "host_scheduled": Named(_("Scheduled"), _("When a livestream is scheduled for them.")),
    "host_series_scheduled": Named(_("Series scheduled"), _("When a whole series is scheduled.")),
    "host_day_before": Named(_("A day before"), _("24 hours before the start.")),
    "host_minutes_before": Named(_("Shortly before"), _("10 minutes before the start.")),
    "host_changed": Named(_("Changed"), _("When the time has changed and stands.")),
    "host_cancelled": Named(_("Cancelled"), _("When a livestream is cancelled.")),
    "host_released": Named(
        _("No longer theirs"), _("When they need not host it, or somebody else takes it over.")
    ),
    "host_asked": Named(_("Asked to step in"), _("When another host is looked for.")),
    "host_not_needed": Named(
        _("No longer asked"), _("When the request they were sent is settled without them.")
    ),
    "proposal_returned": Named(_("Proposal returned"), _("When editors return a proposal.")),
    "replay_waiting": Named(_("Replay waits"), _("When a replay waits for its release.")),
    "recording_withheld": Named(
        _("Recording hidden"), _("When they withdraw the consent to being recorded.")
    ),
    "recording_removed": Named(
        _("Recording removed"), _("When nothing is left of a recording: the receipt.")
    ),
    "application_granted": Named(_("Verified"), _("When the licence is confirmed.")),
    "application_refused": Named(_("Not verified"), _("When an application is refused.")),
    "application_returned": Named(
        _("Application returned"), _("When something is missing from an application.")
    ),
    "licence_due": Named(_("Licence due"), _("Before the verification runs out.")),
    "licence_withdrawn": Named(_("Licence withdrawn"), _("When the verification is withdrawn.")),
}
MODERATORS: Final = {
    "duty_assigned": Named(_("New duty"), _("When a duty is given to them.")),
    "duty_changed": Named(_("Duty changed"), _("When the time has changed and stands.")),
    "duty_cancelled": Named(_("Duty cancelled"), _("When a livestream is cancelled.")),
    "duty_released": Named(_("Duty taken back"), _("When the duty is no longer theirs.")),
    "duty_day_before": Named(_("A day before"), _("24 hours before the start.")),
    "duty_minutes_before": Named(_("Shortly before"), _("10 minutes before the start.")),
    "duty_question": Named(
        _("Needs them soon"), _("When a question cannot wait and nobody is at the desk.")
    ),
}
EDITORS: Final = {
    "staff_proposal": Named(_("New proposal"), _("When a host proposes a livestream.")),
    "staff_application": Named(_("New application"), _("When a host applies for verification.")),
    "staff_host_missing": Named(_("Host missing"), _("When a host cancels and others are asked.")),
    "staff_host_not_found": Named(_("No host found"), _("When a search ends without a host.")),
    "staff_moderators_missing": Named(
        _("Moderators missing"), _("When a livestream comes near without its moderators.")
    ),
    "staff_question": Named(
        _("Needs somebody soon"), _("When a question cannot wait and no moderator reads it.")
    ),
}
WORDS: Final[Mapping[str, Named]] = {**VIEWERS, **HOSTS, **MODERATORS, **EDITORS}

READERS: Final = (
    ("viewers", _("For viewers"), VIEWERS),
    ("hosts", _("For hosts"), HOSTS),
    ("moderators", _("For moderators"), MODERATORS),
    ("editors", _("For editors and administrators"), EDITORS),
)

CATEGORIES: Final[Mapping[str, str]] = {
    Category.REMINDERS: _("Reminders"),
    Category.CHANGES: _("Changes"),
    Category.REPLAYS: _("Replays"),
    Category.FOLLOWS: _("Topics and hosts that are followed"),
    Category.HOSTING: _("Hosting"),
    Category.MODERATING: _("Moderating"),
    Category.STAFF: _("Editorial work"),
    Category.ACCOUNT: _("What they asked for themselves"),
}

VARIABLES: Final[Mapping[str, str]] = {
    "title": _("The title of the livestream"),
    "starts": _("Its start, in the time zone of the reader"),
    "host": _("The name of the host"),
    "minutes": _("How many minutes it is planned to take"),
    "was": _("The start as the reader knew it"),
    "until": _("Until when an answer or a confirmation counts"),
    "count": _("How many there are"),
    "left": _("How long it is until the start"),
    "changes": _("What has changed, one line each"),
    "dates": _("The starts, one line each"),
    "items": _("What was held back, one line each"),
    "note": _("A sentence about the livestream, where there is one"),
    "reason": _("The reason that somebody gave"),
    "name": _("The name of the person"),
}


def named(kind: str) -> Named:
    """Return the words for a kind; one without words yet is shown by its own name."""
    return WORDS.get(kind) or Named(kind, "")


def readers_of(kind: str) -> str:
    """Return for whom a kind is, as :data:`READERS` calls it."""
    return next((title for _key, title, kinds in READERS if kind in kinds), "")


def groups() -> tuple[Group, ...]:
    """Return all kinds by reader; what no group names is for the editors to find in the last."""
    known = [
        Group(key, title, tuple(KINDS[name] for name in kinds if name in KINDS))
        for key, title, kinds in READERS
    ]
    rest = tuple(kind for name, kind in KINDS.items() if name not in WORDS)
    return (*known, Group("others", _("Others"), rest)) if rest else tuple(known)
