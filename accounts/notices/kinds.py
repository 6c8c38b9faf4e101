"""Every kind of notice: whom it is for, what its wording may name, and which rules bind it. Pure.

Rooms post notices by these names; ``wording.json`` has the words of each in both languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from accounts.notices.enums import Category

LIVESTREAM: Final = ("title", "starts", "host", "minutes")
"""What a notice about a livestream may name: its title, its start written out in the zone of the
recipient, its host, and how long it is planned to take."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice."""

    name: str
    category: Category
    variables: frozenset[str]
    """What its body may name; a subject may name only :data:`IN_SUBJECTS` of them."""
    has_quiet_hours: bool = False
    """Waits for the morning, and for the digest after the third notice of a day."""
    can_be_off: bool = True
    """Whether the category's choice "off" holds; what somebody must know cannot be off."""
    has_calendar: bool = False
    """Brings an entry for the recipient's calendar."""


IN_SUBJECTS: Final = frozenset({"starts", "was", "minutes", "count", "until"})
"""Never what could name a condition: times and numbers alone."""


def _kind(name: str, category: Category, *variables: str, **rules: bool) -> Kind:
    return Kind(name, category, frozenset(variables), **rules)


_ALL: Final = (
    # For viewers.
    _kind("confirm_registration", Category.ACCOUNT, *LIVESTREAM, "until", can_be_off=False),
    _kind("registered", Category.CHANGES, *LIVESTREAM, "note", has_calendar=True),
    _kind("day_before", Category.REMINDERS, *LIVESTREAM, "note"),
    _kind("minutes_before", Category.REMINDERS, *LIVESTREAM, "note", "left"),
    _kind("changed", Category.CHANGES, *LIVESTREAM, "was", "changes", has_calendar=True),
    _kind("cancelled", Category.CHANGES, *LIVESTREAM, "was", has_calendar=True),
    _kind("not_held", Category.CHANGES, *LIVESTREAM, has_calendar=True),
    _kind("replay_ready", Category.REPLAYS, *LIVESTREAM, has_quiet_hours=True),
    _kind("new_for_you", Category.FOLLOWS, *LIVESTREAM, has_quiet_hours=True),
    _kind("replay_for_you", Category.FOLLOWS, *LIVESTREAM, has_quiet_hours=True),
    # For whoever has, or wants, an account.
    _kind("sign_in_link", Category.ACCOUNT, "until", can_be_off=False),
    _kind("sign_up_link", Category.ACCOUNT, "until", can_be_off=False),
    _kind("address_link", Category.ACCOUNT, "until", can_be_off=False),
    _kind("address_changed", Category.ACCOUNT, can_be_off=False),
    _kind("way_in_changed", Category.ACCOUNT, can_be_off=False),
    _kind("digest", Category.ACCOUNT, "count", "items", has_quiet_hours=True),
    # For hosts.
    _kind("host_scheduled", Category.HOSTING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind(
        "host_series_scheduled",
        Category.HOSTING,
        "title",
        "count",
        "dates",
        can_be_off=False,
        has_calendar=True,
    ),
    _kind("host_day_before", Category.HOSTING, *LIVESTREAM),
    _kind("host_minutes_before", Category.HOSTING, *LIVESTREAM, "left"),
    _kind(
        "host_changed",
        Category.HOSTING,
        *LIVESTREAM,
        "was",
        "changes",
        can_be_off=False,
        has_calendar=True,
    ),
    _kind(
        "host_cancelled", Category.HOSTING, *LIVESTREAM, "was", can_be_off=False, has_calendar=True
    ),
    _kind("host_released", Category.HOSTING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind("host_asked", Category.HOSTING, *LIVESTREAM, "until", can_be_off=False),
    _kind("host_not_needed", Category.HOSTING, *LIVESTREAM),
    _kind("proposal_returned", Category.HOSTING, *LIVESTREAM, "reason", can_be_off=False),
    _kind("replay_waiting", Category.HOSTING, *LIVESTREAM),
    _kind("recording_withheld", Category.HOSTING, *LIVESTREAM, "until", can_be_off=False),
    _kind("recording_removed", Category.HOSTING, *LIVESTREAM, can_be_off=False),
    _kind("application_granted", Category.HOSTING, "until", can_be_off=False),
    _kind("application_refused", Category.HOSTING, "reason", can_be_off=False),
    _kind("application_returned", Category.HOSTING, "reason", can_be_off=False),
    _kind("licence_due", Category.HOSTING, "until", can_be_off=False),
    _kind("licence_withdrawn", Category.HOSTING, "reason", can_be_off=False),
    # For moderators.
    _kind("duty_assigned", Category.MODERATING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind(
        "duty_changed",
        Category.MODERATING,
        *LIVESTREAM,
        "was",
        "changes",
        can_be_off=False,
        has_calendar=True,
    ),
    _kind(
        "duty_cancelled",
        Category.MODERATING,
        *LIVESTREAM,
        "was",
        can_be_off=False,
        has_calendar=True,
    ),
    _kind("duty_released", Category.MODERATING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind("duty_day_before", Category.MODERATING, *LIVESTREAM),
    _kind("duty_minutes_before", Category.MODERATING, *LIVESTREAM, "left"),
    _kind("duty_question", Category.MODERATING, *LIVESTREAM, can_be_off=False),
    # For editors and administrators.
    _kind("staff_proposal", Category.STAFF, *LIVESTREAM, has_quiet_hours=True),
    _kind("staff_application", Category.STAFF, "name", has_quiet_hours=True),
    _kind("staff_host_missing", Category.STAFF, *LIVESTREAM, "reason"),
    _kind("staff_host_not_found", Category.STAFF, *LIVESTREAM),
    _kind("staff_moderators_missing", Category.STAFF, *LIVESTREAM, has_quiet_hours=True),
    _kind("staff_question", Category.STAFF, *LIVESTREAM, can_be_off=False),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.name: kind for kind in _ALL})
