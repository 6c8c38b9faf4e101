"""What a host sees and may do, and what a form's date and time mean. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from accounts.enums import Role
from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from catalog.rules import EDITABLE, HOST_MAY_CHANGE_WHEN_SCHEDULED, is_timezone
from core.errors import FieldError, _
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
}
"""Acts of :data:`streams.life.access.ACTS` as buttons, the one that leads on first."""
WITH_ENCODER: Final = frozenset({L.DRAFT, L.PROPOSED, L.SCHEDULED, L.LIVE})
"""States in which an encoder is set up or used."""

WHEN: Final = frozenset({"starts_at", "ends_at", "timezone"})
WHO: Final = frozenset({"visibility", "organisation_id"})
FIELDS: Final = (
    frozenset({"titles", "descriptions", "topics", "language", "host_id"})
    | frozenset({"replay_policy", "auto_start", "scope"})
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
) -> tuple[str, ...]:
    """Return the acts whose buttons somebody who runs the livestream sees."""
    return tuple(
        act
        for act, event in ACTS.items()
        if (is_staff or not needs_editor(event, announced_at=announced_at, started_at=started_at))
        and next_move(event, pair, ReplayPolicy(policy)) is not None
    )


def locked_fields(state: str, *, is_staff: bool) -> frozenset[str]:
    """Return the fields of a draft that this person can no longer change in ``state``."""
    allowed = EDITABLE.get(L(state), FIELDS)
    if not is_staff:
        allowed = allowed - {"host_id"}
        if state == L.SCHEDULED:
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
    zone = ZoneInfo(timezone)
    first, second = (_on_clock(day, clock, zone, fold=turn) for turn in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise NoSuchMoment(_skipped(second, first, zone))
    if fold not in {"0", "1"}:
        raise NoSuchMoment(FieldError("fold", TWICE))
    return (second if fold == "1" else first).astimezone(UTC)


class NoSuchMoment(Exception):  # noqa: N818 -- the form shows it beside its field
    """A day and a time name no one moment; ``fault`` says why."""

    def __init__(self, fault: FieldError) -> None:
        self.fault = fault
        super().__init__(fault.message)


def _on_clock(day: date, clock: time, zone: ZoneInfo, *, fold: int) -> datetime:
    return datetime.combine(day, clock).replace(tzinfo=zone, fold=fold)


def _skipped(earlier: datetime, later: datetime, zone: ZoneInfo) -> FieldError:
    """Say the last start before the gap and the first after it.

    Read with the offset of after the gap a skipped time lies before it, and the other way round.
    """
    end = _first_after_gap(earlier.astimezone(UTC), later.astimezone(UTC), zone)
    before = (end - timedelta(minutes=5)).astimezone(zone)
    after = end.astimezone(zone)
    params = {"before": f"{before:%H:%M}", "after": f"{after:%H:%M}"}
    return FieldError("time", NO_SUCH_TIME, params)


def _first_after_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between ``low`` and ``high`` at which the offset of ``zone`` changes."""
    old = low.astimezone(zone).utcoffset()
    minutes = range(int((high - low).total_seconds() // 60) + 1)
    steps = (low + timedelta(minutes=minute) for minute in minutes)
    return next((step for step in steps if step.astimezone(zone).utcoffset() != old), high)


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
