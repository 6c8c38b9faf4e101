"""The lane of the worker that tells people: it fills the ledger, and sends what is due."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Final

import structlog

from accounts.notices.composing import compose
from accounts.notices.delivery import Delivery
from accounts.notices.delivery.deciding import Decider
from accounts.notices.ends import mail_end, sms_end
from accounts.notices.enums import Channel
from accounts.notices.ports import Expand, Site, Source
from accounts.notices.services.claiming import LEASE_SECONDS
from core.database import Sessions, database_now
from core.ids import new_id
from core.settings import Settings
from web.notices import EXPANDERS, SOURCES

POLL_SECONDS: Final = 0.5
PAUSE_SECONDS: Final = 5.0  # after something that must not happen, for example no database

log = structlog.get_logger("mindcast.notices")


@dataclass(frozen=True, slots=True)
class Lane:
    """What the loop needs."""

    sessions: Sessions
    delivery: Delivery
    stop: Event
    expanders: Iterable[Expand] = EXPANDERS


def make_lane(
    sessions: Sessions,
    settings: Settings,
    stop: Event,
    *,
    sources: Mapping[str, Source] = SOURCES,
    expanders: Iterable[Expand] = EXPANDERS,
    lease_seconds: float = LEASE_SECONDS,
) -> Lane:
    """Return the lane of one worker, with the ends that the settings name."""
    worker = f"notices-{os.getpid()}-{new_id()}"
    delivery = Delivery(
        sessions,
        Decider(worker, site_of(settings), sources, lease_seconds),
        compose=compose,
        ends={Channel.MAIL: mail_end(settings), Channel.SMS: sms_end(settings)},
    )
    return Lane(sessions, delivery, stop, expanders)


def site_of(settings: Settings) -> Site:
    """Return what links and calendars in notices need to know."""
    return Site(settings.site_address, settings.sender, settings.data_key)


def run_notices(lane: Lane) -> None:
    """Tell people what is due until ``stop`` is set; nothing that fails ends it before."""
    while not lane.stop.is_set():
        try:
            worked = expand(lane) + lane.delivery.run_batch(lane.stop)
        except Exception:
            log.exception("notices stopped for a moment")
            lane.stop.wait(PAUSE_SECONDS)
        else:
            lane.stop.wait(0 if worked else POLL_SECONDS)
    _end(lane)


def expand(lane: Lane) -> int:
    """Let each room write the rows that are due for many; return how many were looked at.

    One that fails is named in the log and asked again; it keeps nobody else from being told.
    """
    looked = 0
    for one in lane.expanders:
        try:
            with lane.sessions.begin() as session:
                looked += one(session, database_now(session))
        except Exception:
            log.exception("not expanded", by=getattr(one, "__qualname__", repr(one)))
    return looked


def _end(lane: Lane) -> None:
    try:
        lane.delivery.settle()
    except Exception:  # the leases run out by themselves
        log.exception("notices not given back")
    lane.delivery.close()
