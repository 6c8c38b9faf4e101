"""What a host sees and may do, and what a form's date and time mean. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from accounts.enums import Role
from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from catalog.rules import EDITABLE, HIDDEN_STATES, HOST_MAY_CHANGE_WHEN_SCHEDULED
from core import walltime
from core.errors import FieldError, _
from core.walltime import is_timezone
from scheduler.errors import Taken
from streams.life.rules import Event, Pair, needs_editor, next_move

GROUPS: Final[Mapping[str, tuple[L, ...]]] = {
    "on_air": (L.LIVE,),
    "ended": (L.ENDED,),
    "coming": (L.SCHEDULED,),
    "proposed": (L.PROPOSED,),
    "drafts": (L.DRAFT,),
    "published": (L.PUBLISHED,),
    "closed": (L.CANCELLED, L.MISSED),
}
"""The groups of the list, what is most urgent first."""

ACTS: Final = {
    "schedule": Event.SCHEDULE,
    "propose": Event.PROPOSE,
    "start": Event.START,
    "end": Event.END,
    "publish": Event.PUBLISH,
    "cancel": Event.CANCEL,
    "restore": Event.RESTORE,
}
"""Acts of :data:`streams.life.access.ACTS` as buttons, the one that leads on first."""
WITH_ENCODER: Final = frozenset({L.DRAFT, L.PROPOSED, L.SCHEDULED, L.LIVE})
"""States in which an encoder is set up or used."""

WHEN: Final = frozenset({"starts_at", "ends_at", "timezone"})
WHO: Final = frozenset({"visibility", "organisation_id"})
FIELDS: Final = (
    frozenset({"titles", "descriptions", "topics", "language", "host_id"})
    | frozenset({"replay_policy", "auto_start", "scope", "recorded", "premiere"})
    | WHEN
    | WHO
)
"""What a form can change, by the names of :class:`catalog.rules.LivestreamDraft`."""

NO_SUCH_TIME: Final = _(
    "The clocks go forward then and skip this time. Use %(before)s or %(after)s, for example."
)
TWICE: Final = _("The clocks go back then and this time comes twice. Say which one you mean.")
TAKEN_BUT: Final = _("This time is taken, with the minutes kept free around it. Free: %(times)s.")
ZONE_UNKNOWN: Final = _("Use a name like Europe/Berlin or Asia/Shanghai.")


def may_host(actor: Actor) -> bool:
    """Tell whether the actor may have livestreams of their own, or runs those of others."""
    return actor.is_staff or actor.has(Role.HOST)


def group_of(state: str) -> str:
    """Return the group of the list that a livestream stands in."""
    return next(name for name, states in GROUPS.items() if state in states)


def offered_acts(
    pair: Pair,
    policy: str,
    *,
    is_staff: bool,
    announced_at: datetime | None = None,
    started_at: datetime | None = None,
    kept: bool = True,
) -> tuple[str, ...]:
    """Return the acts whose buttons somebody who runs the livestream sees."""
    return tuple(
        act
        for act, event in ACTS.items()
        if (is_staff or not needs_editor(event, announced_at=announced_at, started_at=started_at))
        and next_move(event, pair, ReplayPolicy(policy), kept=kept) is not None
    )


def locked_fields(state: str, *, is_staff: bool) -> frozenset[str]:
    """Return the fields of a draft that this person can no longer change in ``state``."""
    allowed = EDITABLE.get(L(state), FIELDS)
    if not is_staff:
        allowed = allowed - {"host_id"}
        if state not in HIDDEN_STATES:
            allowed &= HOST_MAY_CHANGE_WHEN_SCHEDULED
    return FIELDS - allowed


def moment_of(day: date, clock: time, timezone: str, *, fold: str = "") -> datetime:
    """Return the moment, in UTC, at which clocks in ``timezone`` show this day and time.

    ``fold`` is ``0`` or ``1`` for the first or second of two such moments.

    Raises:
        NoSuchMoment: The zone is unknown, its clocks skip this time, or show it twice and nothing
            says which is meant.
    """
    if not is_timezone(timezone):
        raise NoSuchMoment(FieldError("timezone", ZONE_UNKNOWN))
    try:
        wall = datetime.combine(day, clock)
        return walltime.moment_of(wall, timezone, int(fold) if fold in {"0", "1"} else None)
    except walltime.SkippedTime as skipped:
        raise NoSuchMoment(_skipped(skipped, timezone)) from None
    except walltime.RepeatedTime:
        raise NoSuchMoment(FieldError("fold", TWICE)) from None


class NoSuchMoment(Exception):  # noqa: N818 -- the form shows it beside its field
    """A day and a time name no one moment; ``fault`` says why."""

    def __init__(self, fault: FieldError) -> None:
        self.fault = fault
        super().__init__(fault.message)


def _skipped(skipped: walltime.SkippedTime, timezone: str) -> FieldError:
    """Say the last start before the gap and the first after it."""
    around = {"before": skipped.before, "after": skipped.after}
    clocks = {name: walltime.wall_of(at, timezone)[0] for name, at in around.items()}
    params = {name: f"{clock:%H:%M}" for name, clock in clocks.items()}
    return FieldError("time", NO_SUCH_TIME, params)


def taken_fault(taken: Taken, timezone: str) -> FieldError:
    """Return what stands beside the time of a form when it was given away, with what is free."""
    times = named_times(taken, timezone)
    if not times:
        return FieldError("starts_at", taken.message)
    return FieldError("starts_at", TAKEN_BUT, {"times": times})


def named_times(taken: Taken, timezone: str) -> str:
    """Return the starts that are free instead, on the clocks of ``timezone``."""
    zone = ZoneInfo(timezone if is_timezone(timezone) else "UTC")
    starts = (span.starts_at.astimezone(zone) for span in taken.alternatives)
    return ", ".join(f"{start:%Y-%m-%d %H:%M}" for start in sorted(starts))
