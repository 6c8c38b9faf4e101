"""Is it well: ``/healthz`` (this process), ``/readyz`` (all it needs), ``/metrics`` (figures)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import structlog
from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from core.clock import utc_now
from core.errors import NotFound
from core.heartbeats import last_beats
from core.settings import Settings
from web.database import db
from web.work_board.notices.metrics import measure

health = Blueprint("health", __name__)
log = structlog.get_logger("mindcast.health")

ROLES = ("worker", "live", "clock")
SILENT_AFTER = timedelta(seconds=30)  # a process beats every few seconds
STORAGE_SECONDS = 2.0


@health.get("/healthz")
def is_alive() -> dict[str, str]:
    """Answer as long as this process can answer at all."""
    return {"status": "ok"}


@health.get("/readyz")
def is_ready() -> tuple[dict[str, Any], int]:
    """Check everything the site needs; 503 names what is missing."""
    beats: dict[str, datetime] = {}
    asked = {"database": lambda: beats.update(last_beats(db.session)), "storage": _ask_storage}
    checks = {name: _is_well(ask, name) for name, ask in asked.items()}
    checks |= living(beats, utc_now())
    ready = all(checks.values())
    words = {name: "ok" if well else "failed" for name, well in checks.items()}
    return {"status": "ok" if ready else "failed", "checks": words}, 200 if ready else 503


@health.get("/metrics")
def show_metrics() -> Response:
    """Show counters to operators: on loopback and from trusted proxies only."""
    if not may_see_metrics(request.remote_addr or "", _settings().trusted_proxies):
        raise NotFound
    _is_well(_measure_notices, "notices")
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def may_see_metrics(address: str, proxies: tuple[str, ...]) -> bool:
    """Tell whether the asker is on this machine or one of the operator's."""
    try:
        asker = ip_address(address)
    except ValueError:
        return False
    return asker.is_loopback or any(asker in ip_network(proxy, strict=False) for proxy in proxies)


def living(beats: dict[str, datetime], now: datetime) -> dict[str, bool]:
    """Tell of each role whether one of its processes was well lately."""
    return {role: role in beats and now - beats[role] <= SILENT_AFTER for role in ROLES}


def _is_well(ask: Callable[[], None], name: str) -> bool:
    """Tell whether something answers; of the database, whether its file can still be read."""
    try:
        ask()
    except (SQLAlchemyError, URLError, OSError) as error:
        log.warning("check_failed", check=name, reason=type(error).__name__)
        return False
    return True


def _measure_notices() -> None:
    measure(db.session, now=utc_now())


def _ask_storage() -> None:
    """Ask for anything: an answer, even a refusal, shows that the storage is there."""
    address = _settings().s3_endpoint_url
    try:
        urlopen(Request(address, method="HEAD"), timeout=STORAGE_SECONDS).close()  # noqa: S310 -- an address of the operator's settings
    except ValueError as error:  # no address at all
        raise URLError(str(error)) from error
    except HTTPError as answer:
        if answer.code >= 500:  # noqa: PLR2004 -- the storage's own fault
            raise


def _settings() -> Settings:
    settings: Settings = current_app.extensions["mindcast.settings"]
    return settings
