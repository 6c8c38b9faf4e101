"""Clients of the grid, each a process of its own with its own connection."""

import multiprocessing
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy.orm import Session

from core.database import Sessions, make_engine, make_sessions
from core.errors import Refusal
from core.heartbeats import beat
from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid.queries import reservation_of
from scheduler.grid.rules import Need, Wanted
from scheduler.grid.services import change_state, move, reserve
from scheduler.spans import Span

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SUBJECTS, HOSTS, MODERATORS, ROOMS = 400, 12, 12, 6
CELLS = 14 * 24 * 12
"""Two weeks: a third of the claims and half of the moves meet somebody."""
CONFIRMS, MOVES = 0.5, 0.6
"""How often what is only held is confirmed, and how often the rest is moved, not cancelled."""
WARMING = 20
"""Operations that are not counted: a process of the site has compiled its statements long ago."""
LIVESTREAM = ReservationKind.LIVESTREAM


@dataclass(frozen=True)
class Outcome:
    """How one operation ended and how long it took, commit included."""

    act: str
    end: str
    milliseconds: float
    is_error: bool = False


Act: TypeAlias = Callable[[Session, random.Random], str]


def run_clients(url: str, act: Act, *, clients: int, each: int) -> list[Outcome]:
    """Let ``clients`` processes do ``act`` so many times each; they begin together."""
    context = multiprocessing.get_context("fork")
    together, done = context.Barrier(clients), context.Queue()
    made = [
        context.Process(target=client, args=(url, act, number, each, together, done), daemon=True)
        for number in range(clients)
    ]
    for process in made:
        process.start()
    outcomes = [outcome for _ in made for outcome in done.get(timeout=600)]
    for process in made:
        process.join(timeout=30)
    return outcomes


def client(
    url: str, act: Act, number: int, each: int, together: Barrier, done: "Queue[list[Outcome]]"
) -> None:
    """Do the operations of one client one after the other, without a pause."""
    engine = make_engine(url)
    sessions, chance = make_sessions(engine), random.Random(number)
    outcomes = []
    try:
        for _turn in range(WARMING):
            timed(sessions, act, chance)
        together.wait(timeout=300)
        outcomes += [timed(sessions, act, chance) for _ in range(each)]
    except BaseException as error:
        outcomes.append(Outcome("client", repr(error), 0.0, is_error=True))
        raise
    finally:
        done.put(outcomes)  # whatever happened: the parent waits for every client
        engine.dispose()


def timed(sessions: Sessions, act: Act, chance: random.Random) -> Outcome:
    """Do one operation in a transaction of its own; a refusal is an answer, the rest is not."""
    name, end, is_error = "", "done", False
    began = time.perf_counter()
    try:
        with sessions.begin() as session:
            name = act(session, chance)
    except Refusal as refusal:
        end = refusal.code
    except Exception as error:  # noqa: BLE001 -- counted: there must be none
        end, is_error = repr(error)[:200], True
    return Outcome(name, end, 1000 * (time.perf_counter() - began), is_error)


def one_row_each(session: Session, chance: random.Random) -> str:
    """Write the least that can be written."""
    beat(session, role="bench", node=f"n{chance.randrange(20)}", now=NOW)
    return "row"


def operations_of(session: Session, chance: random.Random) -> str:
    """Claim a time, confirm it, move it or give it back, whatever the subject is at."""
    subject = f"s{chance.randrange(SUBJECTS)}"
    found = reservation_of(session, kind=LIVESTREAM, subject_id=subject)
    if found is None:
        state = chance.choice((R.HELD, R.PENDING, R.CONFIRMED))
        reserve(session, wanted=any_time(subject, chance), now=NOW, state=state)
        return "claim"
    if found.state != R.CONFIRMED and chance.random() < CONFIRMS:
        change_state(session, reservation=found, state=R.CONFIRMED, now=NOW)
        return "confirm"
    if chance.random() < MOVES:
        move(session, reservation=found, wanted=any_time(subject, chance), now=NOW)
        return "move"
    change_state(session, reservation=found, state=R.RELEASED, now=NOW)
    return "cancel"


def any_time(subject: str, chance: random.Random) -> Wanted:
    """Return a time of an hour or so of a host, a moderator and a room."""
    at = NOW + timedelta(minutes=5 * chance.randrange(12, CELLS))
    minutes = chance.choice((30, 45, 60, 90))
    return Wanted(
        kind=LIVESTREAM,
        subject_id=subject,
        needs=(
            Need(f"h{chance.randrange(HOSTS)}", Part.HOST),
            Need(f"m{chance.randrange(MODERATORS)}", Part.MODERATOR),
            Need(f"r{chance.randrange(ROOMS)}", Part.ROOM),
        ),
        span=Span(at, at + timedelta(minutes=minutes)),
    )
