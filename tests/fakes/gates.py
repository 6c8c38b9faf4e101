"""One missing thing at a time, for tests of everything that going live needs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, update

from catalog.credentials.enums import ConsentKind
from catalog.credentials.services.consents import give_consent, withdraw_consent
from catalog.enums import RiskLevel
from catalog.models import Host, Livestream, Topic
from core.ids import new_id
from scheduler.enums import DutyState, SearchState
from scheduler.models import Duty, Search
from streams.readiness.models import DeviceCheck, ScriptReading
from tests.fakes.programme import World


def _withdraw(world: World, _livestream: Livestream) -> None:
    world.session.execute(update(Host).values(verified_until=None))


def _leave(world: World, livestream: Livestream) -> None:
    world.session.add(
        Search(
            id=new_id(),
            livestream_id=livestream.id,
            leaver_id=livestream.host_id,
            state=SearchState.ASKING,
            opened_at=world.now,
        )
    )


def _decline(world: World, _livestream: Livestream) -> None:
    world.session.execute(update(Duty).values(state=DutyState.DECLINED))


def _raise_risk(world: World, _livestream: Livestream) -> None:
    world.session.execute(update(Topic).values(risk=RiskLevel.RAISED))


def _forget_check(world: World, _livestream: Livestream) -> None:
    world.session.execute(delete(DeviceCheck))


def _read_long_ago(world: World, _livestream: Livestream) -> None:
    long_ago = world.now - timedelta(days=91)
    world.session.execute(update(ScriptReading).values(read_at=long_ago))


def _disagree(world: World, livestream: Livestream) -> None:
    who, kind = livestream.host_id, ConsentKind.RECORDING
    give_consent(world.session, user_id=who, kind=kind, version=1, now=world.now)
    withdraw_consent(world.session, user_id=who, kind=kind, now=world.now)


def _withhold(world: World, livestream: Livestream) -> None:
    livestream.withheld_at = world.now


MISSING: Final[Mapping[str, tuple[str, str, Callable[[World, Livestream], None]]]] = {
    "licence": (
        "host_verified",
        "The host's licence is not verified at present.",
        _withdraw,
    ),
    "host": ("host_present", "Another host is being found.", _leave),
    "moderator": ("moderators", "Moderators: 0 of 1 are assigned.", _decline),
    "second moderator": ("moderators", "Moderators: 1 of 2 are assigned.", _raise_risk),
    "check": (
        "device_check",
        "Camera and microphone were not checked in the last 24 hours.",
        _forget_check,
    ),
    "script": (
        "crisis_script",
        "The host has not read lately what to do when somebody is at risk.",
        _read_long_ago,
    ),
    "consent": (
        "recording_consent",
        "The host does not agree to being recorded.",
        _disagree,
    ),
    "recording": (
        "recording",
        "What was recorded of this livestream was withdrawn by its host.",
        _withhold,
    ),
}
"""By name: the code, the reason, and what takes it away from a livestream that is ready."""


def take_away(world: World, livestream: Livestream, name: str) -> tuple[str, str]:
    """Take one thing away; return the code and the reason that everybody is told."""
    code, reason, act = MISSING[name]
    act(world, livestream)
    world.session.flush()
    return code, reason
