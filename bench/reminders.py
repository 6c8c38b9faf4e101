"""A hundred thousand reminders with workers killed at random, and what the ledger costs."""

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkProcess
from pathlib import Path

from sqlalchemy import Engine, func, select, update

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from bench.catalogue import database
from bench.figures import Figure, at_least
from bench.house import free_port
from bench.lengths import length
from bench.reminder_counts import Commits, came, figures_of
from bench.reminder_rows import ROWS, Waiting, fill_waiting
from bench.reminder_workers import FORK, Place, lane, mail_server, plain, start
from catalog.models import Livestream
from core.database import Sessions, make_engine, make_sessions
from scheduler.models.notices import Bulletin, Mailing
from scheduler.notices import bulletins
from scheduler.notices.expansion import expand

PROMISE = 2
KINDS = ("sqlite", "postgresql")
WORKERS = 4
SENDERS = 1  # an installation on one machine has one worker, so a plain loop is one as well
RATIO = 0.5
LOOK_SECONDS, TICK = 1.0, 0.1
LONGEST = 3600
UNDER_WAY = (NoticeState.WAITING, NoticeState.LEASED, NoticeState.SENDING)


def measure() -> list[Figure]:
    count = int(length("REMINDERS", 100_000, 4_000))
    kills = int(length("REMINDER_KILLS", 20, 6))
    rate = int(length("REMINDER_RATE", 20_000, 2_000))
    figures = []
    for kind in KINDS:
        figures += measure_kills(kind, count, kills)
        figures += measure_rates(kind, rate)
    return figures


def measure_kills(kind: str, count: int, kills: int) -> list[Figure]:
    """Send all, kill workers meanwhile, cancel one livestream and move another."""
    now = datetime.now(UTC)
    with database(kind, livestreams=ROWS) as url, tempfile.TemporaryDirectory() as home:
        place, waiting = Place(url, Path(home)), fill_waiting(url, count, now)
        engine = make_engine(url)
        commits = _send_all(place, waiting, engine, kills)
        figures = figures_of(kind, came(place, engine), waiting, commits, kills)
        engine.dispose()
    return figures


def _send_all(place: Place, waiting: Waiting, engine: Engine, kills: int) -> Commits:
    sessions, commits = make_sessions(engine), Commits("", "")
    engine.dispose()  # the processes must not share its connections
    workers = [start(lane, place) for _ in range(WORKERS)]
    ends = sorted(random.sample(range(waiting.count // 100, 95 * waiting.count // 100), kills))
    looked, until = 0.0, time.monotonic() + LONGEST
    while time.monotonic() < until:
        sent = _sent(sessions)
        if ends and sent >= ends[0]:
            ends.pop(0)
            _replace(workers, place)
        if not commits.cancelled and sent >= waiting.count // 3:
            commits = _cancel_and_move(sessions, waiting)
        if time.monotonic() - looked > LOOK_SECONDS:
            looked = time.monotonic()
            with sessions.begin() as session:  # what the clock does beside the workers
                bulletins.look(session, datetime.now(UTC))
            if commits.cancelled and _is_done(sessions):
                break
        time.sleep(TICK)
    for worker in workers:
        worker.terminate()
        worker.join()
    return commits


def _replace(workers: list[ForkProcess], place: Place) -> None:
    victim = workers.pop(random.randrange(len(workers)))
    victim.kill()
    victim.join()
    workers.append(start(lane, place))


def _sent(sessions: Sessions) -> int:
    with sessions() as session:
        sent = select(func.count()).where(Notice.state == NoticeState.SENT)
        return int(session.execute(sent).scalar_one())


def _is_done(sessions: Sessions) -> bool:
    """Tell whether nothing is left but what waits for the morning."""
    soon = datetime.now(UTC) + timedelta(minutes=10)
    with sessions() as session:
        rows = select(Notice.id).where(Notice.state.in_(UNDER_WAY), Notice.due_at < soon)
        settling = select(Bulletin.livestream_id).where(Bulletin.changed_at.is_not(None))
        opened = select(Mailing.id).where(Mailing.done_at.is_(None))
        left = (rows, settling, opened)
        return all(session.execute(one.limit(1)).first() is None for one in left)


def _cancel_and_move(sessions: Sessions, waiting: Waiting) -> Commits:
    cancelled, moved = waiting.livestreams[:2]
    commits = Commits(cancelled, moved)
    commits.cancelled_at = _change(sessions, cancelled, state="cancelled")
    hour = timedelta(hours=1)
    with sessions() as session:
        row = session.get_one(Livestream, moved)
        later = {"starts_at": row.starts_at + hour, "ends_at": row.ends_at + hour}
    commits.moved_at = _change(sessions, moved, **later)
    return commits


def _change(sessions: Sessions, livestream: str, **values: object) -> float:
    """Change a livestream as the pages do, and return when that was committed."""
    same = {"updated_at": datetime.now(UTC), "sequence": Livestream.sequence + 1}
    change = update(Livestream).where(Livestream.id == livestream).values(**values, **same)
    with sessions.begin() as session:
        session.execute(change.execution_options(synchronize_session=False))
    return time.time()


def measure_rates(kind: str, count: int) -> list[Figure]:
    """Send the same mails by the ledger and by a plain loop, to a mail server and into files."""
    port = free_port()
    server = start(mail_server, port)
    figures = []
    for name, smtp_url in (("a mail server", f"smtp://127.0.0.1:{port}"), ("files", "")):
        rates = _rates(kind, count, smtp_url)
        figures += _compared(kind, name, rates)
    server.kill()
    return figures


def _rates(kind: str, count: int, smtp_url: str) -> tuple[float, float, float]:
    """Return mails a second: by the ledger, by a loop that looks up what to say, by a loop."""
    return (
        _rate(kind, count, smtp_url, looks_up=None),
        _rate(kind, count, smtp_url, looks_up=True),
        _rate(kind, count, smtp_url, looks_up=False),
    )


def _compared(kind: str, name: str, rates: tuple[float, float, float]) -> list[Figure]:
    ledger, looking, plain_rate = rates
    title = f"{kind}, {name}: the ledger beside a plain loop"
    note = f"{ledger:.0f}, {looking:.0f} looking up, {plain_rate:.0f} plain mails/s, {SENDERS} each"
    share = ledger / plain_rate
    beside = at_least(PROMISE, title, share, "", RATIO, note)
    looks_up = Figure(PROMISE, f"{title} that looks up what to say", ledger / looking, "")
    return [beside, looks_up]


def _rate(kind: str, count: int, smtp_url: str, *, looks_up: bool | None) -> float:
    now = datetime.now(UTC)
    with database(kind, livestreams=ROWS) as url, tempfile.TemporaryDirectory() as home:
        place = Place(url, Path(home), smtp_url)
        fill_waiting(url, count, now, replay=False)
        seconds = _by_ledger(place, count) if looks_up is None else _by_loop(place, count, looks_up)
    return count / seconds


def _by_ledger(place: Place, count: int) -> float:
    """Return how long the lanes take, from the occasions to the last mail that is recorded."""
    together = FORK.Barrier(SENDERS + 1)
    workers = [start(lane, place, together) for _ in range(SENDERS)]
    engine = make_engine(place.url)
    sessions = make_sessions(engine)
    together.wait()
    began = time.monotonic()
    while _sent(sessions) < count:
        time.sleep(TICK)
    seconds = time.monotonic() - began
    for worker in workers:
        worker.terminate()
        worker.join()
    engine.dispose()
    return seconds


def _by_loop(place: Place, count: int, looks_up: bool) -> float:  # noqa: FBT001 -- called above
    engine = make_engine(place.url)
    sessions, more = make_sessions(engine), 1
    while more:
        with sessions.begin() as session:
            more = expand(session, datetime.now(UTC))
    engine.dispose()
    together = FORK.Barrier(SENDERS + 1)
    workers = [
        FORK.Process(
            target=plain,
            args=(place, f"plain-{number}", count // SENDERS),
            kwargs={"looks_up": looks_up, "together": together},
            daemon=True,
        )
        for number in range(SENDERS)
    ]
    for worker in workers:
        worker.start()
    together.wait()
    began = time.monotonic()
    together.wait()
    seconds = time.monotonic() - began
    for worker in workers:
        worker.join()
    return seconds
