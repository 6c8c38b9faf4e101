"""The gate: everything that going live needs, each with what is missing and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.errors import FieldError, _

DEVICE_CHECK_COUNTS: Final = timedelta(hours=24)
SCRIPT_COUNTS: Final = timedelta(days=90)
_CONSENT_AGAIN: Final = _("The host agrees again under My licence.")
_CONSENT_OR_NOT_RECORDED: Final = _(
    "The host agrees again under My licence, or this livestream is set to not recorded."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a livestream and its people at one moment."""

    host_verified_until: datetime | None
    host_present: bool = True
    """False while another host is looked for, or after none was found."""
    moderators: int = 0
    """Standing duties of people who are not the host."""
    moderators_needed: int = 1
    device_checked_at: datetime | None = None
    is_sending: bool = False
    """Picture and sound arrive for this livestream now."""
    script_read_at: datetime | None = None
    """When the host read the present version."""
    recorded: bool = True
    consent_withdrawn: bool = False
    premiere: bool = False
    talk_held: bool = False
    """The finished talk of a premiere is there."""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class GateItem:
    """One thing that is needed.

    ``title`` names it when it is there, ``reason`` is said when it is missing, and ``remedy`` says
    what to do then and who can do it. ``params`` fill the places of ``reason``.
    """

    code: str
    met: bool
    reason: str
    title: str = ""
    remedy: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def fault(self) -> FieldError:
        """The item as one reason of a refusal."""
        return FieldError(self.code, self.reason, self.params)


def start_gate(facts: Facts, now: datetime) -> tuple[GateItem, ...]:
    """Return everything that going live needs, in the order in which a host sees it."""
    items = [_host_verified(facts, now), _host_present(facts), _moderators(facts)]
    # what a premiere shows was recorded and looked at before
    items.append(_premiere_talk(facts) if facts.premiere else _device_check(facts, now))
    items += [_crisis_script(facts, now), _recording_consent(facts)]
    if facts.withheld:
        items.append(_recording())
    return tuple(items)


def release_gate(facts: Facts, now: datetime) -> tuple[GateItem, ...]:
    """Return what an uploaded talk needs to be taken, and to be released unseen."""
    items = [_host_verified(facts, now), _host_present(facts), _recording_consent(facts)]
    if not (facts.recorded or facts.premiere):
        items.append(_not_kept())
    return tuple(items)


def missing(gate: tuple[GateItem, ...]) -> tuple[GateItem, ...]:
    """Return the items of a gate that keep it shut."""
    return tuple(item for item in gate if not item.met)


def _host_verified(facts: Facts, now: datetime) -> GateItem:
    until = facts.host_verified_until
    return GateItem(
        "host_verified",
        until is not None and until > now,
        _("The host's licence is not verified at present."),
        _("The licence is verified"),
        _("The host renews it under My licence; the editors check it there."),
    )


def _not_kept() -> GateItem:
    """Return the refusal of a talk that would be removed as soon as it is there."""
    return GateItem(
        "recorded",
        met=False,
        reason=_("This livestream is not recorded: a talk that is sent would be deleted at once."),
        title=_("It becomes a replay"),
        remedy=_("Choose that it is recorded, or make it a premiere, in its form."),
    )


def _host_present(facts: Facts) -> GateItem:
    return GateItem(
        "host_present",
        facts.host_present,
        _("Another host is being found."),
        _("The host is coming"),
        _("The editors choose who comes instead."),
    )


def _moderators(facts: Facts) -> GateItem:
    found, needed = facts.moderators, facts.moderators_needed
    return GateItem(
        "moderators",
        found >= needed,
        _("Moderators: %(found)s of %(needed)s are assigned."),
        _("Moderators are assigned"),
        _("The editors assign somebody in the rota. The host cannot be one of them."),
        {"found": found, "needed": needed},
    )


def _device_check(facts: Facts, now: datetime) -> GateItem:
    return GateItem(
        "device_check",
        facts.is_sending or _counts(facts.device_checked_at, DEVICE_CHECK_COUNTS, now),
        _("Camera and microphone were not checked in the last 24 hours."),
        _("Camera and microphone are checked"),
        _("The host checks them in the studio, or rehearses with the encoder."),
    )


def _premiere_talk(facts: Facts) -> GateItem:
    return GateItem(
        "premiere_talk",
        facts.talk_held,
        _("The finished talk of the premiere has not come in yet."),
        _("The finished talk is there"),
        _("The host or an editor uploads it at the desk."),
    )


def _crisis_script(facts: Facts, now: datetime) -> GateItem:
    return GateItem(
        "crisis_script",
        _counts(facts.script_read_at, SCRIPT_COUNTS, now),
        _("The host has not read lately what to do when somebody is at risk."),
        _("What to do when somebody is at risk was read"),
        _("The host reads it in the studio. It takes two minutes and counts for 90 days."),
    )


def _recording_consent(facts: Facts) -> GateItem:
    return GateItem(
        "recording_consent",
        # the talk of a premiere is a recording, whether or not it becomes a replay
        not (facts.consent_withdrawn and (facts.recorded or facts.premiere)),
        _("The host does not agree to being recorded."),
        _("The host agrees to being recorded"),
        _CONSENT_AGAIN if facts.premiere else _CONSENT_OR_NOT_RECORDED,
    )


def _recording() -> GateItem:
    return GateItem(
        "recording",
        met=False,
        reason=_("What was recorded of this livestream was withdrawn by its host."),
        remedy=_("The editors set up a new livestream; this one is shown to nobody any more."),
    )


def _counts(at: datetime | None, how_long: timedelta, now: datetime) -> bool:
    return at is not None and at + how_long > now
