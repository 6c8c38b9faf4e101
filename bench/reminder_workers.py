"""Processes that send: the lane of the worker as it is, and a plain loop beside it."""

import multiprocessing
import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Event

from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from accounts.notices.composing import compose
from accounts.notices.delivery.rows import due_of, leased_row
from accounts.notices.ends import mail_end
from accounts.notices.enums import Channel
from accounts.notices.ports import Answer, Due, End, Say, Site, Source
from accounts.notices.services.claiming import claim
from accounts.notices.wording import load
from bench.reminder_rows import DATA_KEY
from core.database import Sessions, database_now, make_engine, make_sessions, read_only
from core.settings import Settings, read_settings
from web.notices import SOURCES
from web.worker.notices import make_lane, run_notices, site_of

FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Place:
    """Where the ledger is, and where mails go."""

    url: str
    home: Path
    smtp_url: str = ""

    @property
    def settings(self) -> Settings:
        """Return the settings of an installation there."""
        return read_settings(
            {
                "MINDCAST_HOME": str(self.home),
                "DATABASE_URL": self.url,
                "SMTP_URL": self.smtp_url,
                "DATA_KEY": DATA_KEY,
                "SECRET_KEY": "a key for a benchmark",
            }
        )

    @property
    def asked(self) -> Path:
        """Return the folder of notes on when sources were asked."""
        return self.home / "asked"


def start(target: object, *args: object) -> ForkProcess:
    """Start a process that ends with this one at the latest."""
    made = FORK.Process(target=target, args=args, daemon=True)  # type: ignore[arg-type]  # a function
    made.start()
    return made


def lane(place: Place, together: Barrier | None = None) -> None:
    """Tell people until SIGTERM, as a worker does."""
    stop, engine = Event(), make_engine(place.url)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sources = SOURCES if together else noting(place.asked)
    telling = make_lane(make_sessions(engine), place.settings, stop, sources=sources)
    if together:
        together.wait()
    run_notices(telling)
    os._exit(0)  # not the end of the process that it was made from


def noting(folder: Path) -> Mapping[str, Source]:
    """Return the sources of the site, with a note of when each was asked for what was sent."""
    folder.mkdir(parents=True, exist_ok=True)
    notes = os.open(folder / str(os.getpid()), os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def wrapped(source: Source) -> Source:
        def asking(session: Session, due: Due, now: datetime) -> Answer:
            session.connection()  # begins the transaction, if nothing did
            asked = time.time()
            answer = source(session, due, now)
            if isinstance(answer, Say):
                os.write(notes, f"{due.id} {asked}\n".encode())
            return answer

        return asking

    return {kind: wrapped(source) for kind, source in SOURCES.items()}


def plain(place: Place, name: str, share: int, *, looks_up: bool, together: Barrier) -> None:
    """Send the share of one process in a plain loop: what to say is known, or looked up."""
    engine = make_engine(place.url)
    sessions, end = make_sessions(engine), mail_end(place.settings)
    with sessions.begin() as session:
        now = database_now(session)
        wordings = load(session)
        ids = claim(session, worker=name, channels=[Channel.MAIL], now=now, most=share)
    site = site_of(place.settings)
    known = {} if looks_up else {one: _said(sessions, site, name, one, now) for one in ids}
    together.wait()
    for one in ids:
        due, say = known.get(one) or _said(sessions, site, name, one, now)
        end.send(compose(due, say, wordings, now=now))
    together.wait()
    _close(end)
    os._exit(0)


def _said(
    sessions: Sessions, site: Site, worker: str, notice_id: str, now: datetime
) -> tuple[Due, Say]:
    with read_only(sessions) as session:
        row = leased_row(session, notice_id, worker)
        if row is None:
            raise LookupError(notice_id)
        due = due_of(row, site)
        say = SOURCES[due.kind](session, due, now)
    if not isinstance(say, Say):
        raise TypeError(say)
    return due, say


def mail_server(port: int) -> None:
    """Take every mail on a port of loopback, and keep none."""

    class Taking:
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802 -- aiosmtpd's name
            return "250 OK"

    Controller(Taking(), hostname="127.0.0.1", port=port).start()
    signal.pause()


def _close(end: End) -> None:
    with suppress(OSError):
        end.close()
