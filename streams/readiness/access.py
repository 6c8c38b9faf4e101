"""Who of a livestream's crew may see and do what."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_to_run
from catalog.models import Livestream
from catalog.rules import is_id
from streams.readiness import services
from streams.readiness.errors import NotTheHost
from streams.readiness.queries import Readiness, is_on_duty, readiness_of
from streams.readiness.rules import DeviceReport


def livestream_of_crew(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream to its host, its moderators and the staff.

    Raises:
        NotFound: The actor may not know of it.
        SignInNeeded, NotAllowed: The actor may know of it but is not of its crew.
    """
    if is_id(livestream_id) and actor.user_id is not None:
        livestream = session.get(Livestream, livestream_id)
        if livestream is not None and is_on_duty(
            session, livestream_id=livestream_id, user_id=actor.user_id
        ):
            return livestream
    return livestream_to_run(session, livestream_id=livestream_id, actor=actor)


def readiness_for(
    session: Session, *, livestream_id: str, actor: Actor, now: datetime
) -> Readiness:
    """Return how ready a livestream is; raises as :func:`livestream_of_crew`."""
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    return readiness_of(session, livestream_id=livestream.id, now=now)


def check_devices(
    session: Session, *, livestream_id: str, actor: Actor, report: DeviceReport, now: datetime
) -> Readiness:
    """Keep the host's check of camera and microphone.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As :func:`livestream_of_crew`.
        NotTheHost: The actor is of the crew but not the host.
        InvalidInput: As ``services.check_devices``.
    """
    host_id = _host(session, livestream_id, actor)
    services.check_devices(session, user_id=host_id, report=report, now=now)
    return readiness_of(session, livestream_id=livestream_id, now=now)


def read_script(
    session: Session, *, livestream_id: str, actor: Actor, version: int, now: datetime
) -> Readiness:
    """Keep that the host has read the script; raises as :func:`check_devices`.

    Raises:
        ScriptChanged: There is another version by now.
    """
    host_id = _host(session, livestream_id, actor)
    services.read_script(session, user_id=host_id, version=version, now=now)
    return readiness_of(session, livestream_id=livestream_id, now=now)


def come(session: Session, *, livestream_id: str, actor: Actor, now: datetime) -> Readiness:
    """Note that the actor is in the green room; raises as :func:`livestream_of_crew`."""
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    if actor.user_id is not None:
        services.note_presence(session, livestream_id=livestream.id, user_id=actor.user_id, now=now)
    return readiness_of(session, livestream_id=livestream.id, now=now)


def _host(session: Session, livestream_id: str, actor: Actor) -> str:
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    if actor.user_id != livestream.host_id:
        raise NotTheHost
    return livestream.host_id
