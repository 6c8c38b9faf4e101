"""Every kind of notice: whom it is for, what its wording may name, and which rules bind it. Pure.

Rooms post notices by these names; ``wording.json`` has the words of each in both languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from accounts.notices.enums import Category as C

LIVESTREAM: Final = ("title", "starts", "host", "minutes")
"""What a notice about a livestream may name: its title, its start written out in the zone of the
recipient, its host, and how long it is planned to take."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice."""

    name: str
    category: C
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


def _kind(name: str, category: C, *variables: str, **rules: bool) -> Kind:
    return Kind(name, category, frozenset(variables), **rules)


_ALL: Final = (
    # For viewers.
    _kind("confirm_registration", C.ACCOUNT, *LIVESTREAM, "until", can_be_off=False),
    _kind("registered", C.CHANGES, *LIVESTREAM, "note", has_calendar=True),
    _kind("day_before", C.REMINDERS, *LIVESTREAM, "note"),
    _kind("minutes_before", C.REMINDERS, *LIVESTREAM, "note", "left"),
    _kind("changed", C.CHANGES, *LIVESTREAM, "was", "changes", has_calendar=True),
    _kind("cancelled", C.CHANGES, *LIVESTREAM, "was", has_calendar=True),
    _kind("not_held", C.CHANGES, *LIVESTREAM, has_calendar=True),
    _kind("replay_ready", C.REPLAYS, *LIVESTREAM, has_quiet_hours=True),
    _kind("digest", C.ACCOUNT, "count", "items", has_quiet_hours=True),
    # For hosts.
    _kind("host_scheduled", C.HOSTING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind(
        "host_series_scheduled",
        C.HOSTING,
        "title",
        "count",
        "dates",
        can_be_off=False,
        has_calendar=True,
    ),
    _kind("host_day_before", C.HOSTING, *LIVESTREAM),
    _kind("host_minutes_before", C.HOSTING, *LIVESTREAM, "left"),
    _kind(
        "host_changed",
        C.HOSTING,
        *LIVESTREAM,
        "was",
        "changes",
        can_be_off=False,
        has_calendar=True,
    ),
    _kind("host_cancelled", C.HOSTING, *LIVESTREAM, "was", can_be_off=False, has_calendar=True),
    _kind("host_released", C.HOSTING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind("host_asked", C.HOSTING, *LIVESTREAM, "until", can_be_off=False),
    _kind("host_not_needed", C.HOSTING, *LIVESTREAM),
    _kind("proposal_returned", C.HOSTING, *LIVESTREAM, "reason", can_be_off=False),
    _kind("replay_waiting", C.HOSTING, *LIVESTREAM),
    _kind("application_granted", C.HOSTING, "until", can_be_off=False),
    _kind("application_refused", C.HOSTING, "reason", can_be_off=False),
    _kind("application_returned", C.HOSTING, "reason", can_be_off=False),
    _kind("licence_due", C.HOSTING, "until", can_be_off=False),
    _kind("licence_withdrawn", C.HOSTING, "reason", can_be_off=False),
    # For moderators.
    _kind("duty_assigned", C.MODERATING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind(
        "duty_changed",
        C.MODERATING,
        *LIVESTREAM,
        "was",
        "changes",
        can_be_off=False,
        has_calendar=True,
    ),
    _kind("duty_cancelled", C.MODERATING, *LIVESTREAM, "was", can_be_off=False, has_calendar=True),
    _kind("duty_released", C.MODERATING, *LIVESTREAM, can_be_off=False, has_calendar=True),
    _kind("duty_day_before", C.MODERATING, *LIVESTREAM),
    _kind("duty_minutes_before", C.MODERATING, *LIVESTREAM, "left"),
    # For editors and administrators.
    _kind("staff_proposal", C.STAFF, *LIVESTREAM, has_quiet_hours=True),
    _kind("staff_application", C.STAFF, "name", has_quiet_hours=True),
    _kind("staff_host_missing", C.STAFF, *LIVESTREAM, "reason"),
    _kind("staff_host_not_found", C.STAFF, *LIVESTREAM),
    _kind("staff_moderators_missing", C.STAFF, *LIVESTREAM, has_quiet_hours=True),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.name: kind for kind in _ALL})
