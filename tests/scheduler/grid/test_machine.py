"""Every order of operations on the grid, against a model in plain Python that knows no cell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import Engine, delete, select

from core.database import make_sessions
from scheduler.enums import ReservationState as R
from scheduler.errors import HoldOver, Taken
from scheduler.grid.rules import HOLD, STANDING, TRANSITIONS, Wanted
from scheduler.grid.services import change_state, move, release_expired, reserve
from scheduler.models import Cell, Reservation, ReservedResource
from tests.fakes.grid import grid_faults, wanted

pytestmark = pytest.mark.integration

START = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
NAMES = ("h1", "h2", "m1", "r1")
resources = some.sets(some.sampled_from(NAMES), min_size=1, max_size=3).map(sorted)
starts = some.integers(0, 30).map(lambda cells: START + timedelta(minutes=600 + 5 * cells))
lengths = some.sampled_from((5, 20, 45))
buffers = some.sampled_from(((0, 0), (15, 15), (5, 10)))
subjects = some.integers(0, 5).map("l{}".format)
entries = some.sampled_from((R.HELD, R.PENDING, R.CONFIRMED))


@dataclass(frozen=True)
class Entry:
    """What the model knows of one reservation."""

    asked: Wanted
    state: R
    expires_at: datetime | None

    def stands(self, now: datetime) -> bool:
        return self.state in STANDING and (self.expires_at is None or self.expires_at > now)


class Grid(RuleBasedStateMachine):
    """The grid beside its model; each rule does the same to both and compares the answer."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.session = make_sessions(self.engine)()
        for table in (Cell, ReservedResource, Reservation):
            self.session.execute(delete(table))
        self.session.commit()
        self.now = START
        self.model: dict[str, Entry] = {}

    def teardown(self) -> None:
        self.session.close()

    @rule(
        subject=subjects,
        names=resources,
        at=starts,
        minutes=lengths,
        edges=buffers,
        state=entries,
    )
    def reserve(
        self,
        subject: str,
        names: list[str],
        at: datetime,
        minutes: int,
        edges: tuple[int, int],
        state: R,
    ) -> None:
        asked = wanted(subject, *names, at=at, minutes=minutes, buffers=edges)
        has_time = any(
            one.asked.subject_id == subject and one.stands(self.now) for one in self.model.values()
        )
        with self.expecting(Taken if has_time or self.is_taken(asked) else None):
            made = reserve(self.session, wanted=asked, now=self.now, state=state)
            expires_at = self.now + HOLD if state is R.HELD else None
            self.model[made.id] = Entry(asked, state, expires_at)

    @precondition(lambda self: self.model)
    @rule(data=some.data(), names=resources, at=starts, minutes=lengths, edges=buffers)
    def move(
        self,
        data: some.DataObject,
        names: list[str],
        at: datetime,
        minutes: int,
        edges: tuple[int, int],
    ) -> None:
        key, entry = self.one_of(data)
        subject = entry.asked.subject_id
        asked = wanted(subject, *names, at=at, minutes=minutes, buffers=edges)
        refusal: type[Exception] | None = Taken if self.is_taken(asked, but=key) else None
        with self.expecting(refusal if entry.stands(self.now) else HoldOver):
            mine = self.session.get_one(Reservation, key)
            move(self.session, reservation=mine, wanted=asked, now=self.now)
            self.model[key] = replace(entry, asked=asked)

    @precondition(lambda self: self.model)
    @rule(data=some.data(), state=some.sampled_from(R))
    def change(self, data: some.DataObject, state: R) -> None:
        key, entry = self.one_of(data)
        possible = state in TRANSITIONS[entry.state] and (
            entry.stands(self.now) or (state is R.RELEASED and entry.state is R.HELD)
        )
        with self.expecting(None if possible else HoldOver):
            mine = self.session.get_one(Reservation, key)
            change_state(self.session, reservation=mine, state=state, now=self.now)
            self.model[key] = replace(entry, state=state, expires_at=None)

    @rule()
    def expire(self) -> None:
        release_expired(self.session, now=self.now)
        self.session.commit()
        for key, entry in self.model.items():
            if entry.state is R.HELD and not entry.stands(self.now):
                self.model[key] = replace(entry, state=R.RELEASED, expires_at=None)

    @rule(minutes=some.integers(1, 12))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def grid_is_sound(self) -> None:
        assert grid_faults(self.session) == []
        self.session.commit()

    @invariant()
    def states_and_times_are_those_of_the_model(self) -> None:
        rows = self.session.scalars(select(Reservation)).all()
        standing = {row.id: row.state in STANDING and not self.is_over(row) for row in rows}
        stored = {row.id: (row.starts_at, standing[row.id]) for row in rows}
        assert stored == {
            key: (entry.asked.span.starts_at, entry.stands(self.now))
            for key, entry in self.model.items()
        }
        self.session.commit()

    def is_over(self, row: Reservation) -> bool:
        return row.expires_at is not None and row.expires_at <= self.now

    def one_of(self, data: some.DataObject) -> tuple[str, Entry]:
        place = data.draw(some.integers(0, len(self.model) - 1))
        return list(self.model.items())[place]

    def is_taken(self, asked: Wanted, but: str | None = None) -> bool:
        return any(
            entry.asked.taken.overlaps(asked.taken)
            and set(entry.asked.resource_ids) & set(asked.resource_ids)
            for key, entry in self.model.items()
            if key != but and entry.stands(self.now)
        )

    @contextmanager
    def expecting(self, refusal: type[Exception] | None) -> Iterator[None]:
        """Commit what was done, or see it refused as the model says; never anything else."""
        if refusal is None:
            yield
            self.session.commit()
            return
        with pytest.raises(refusal):
            yield
        self.session.rollback()


QUICK = settings(
    max_examples=30,
    stateful_step_count=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_grid_equals_its_model_in_any_order(engine: Engine) -> None:
    one = type("GridHere", (Grid,), {"engine": engine})
    try:
        run_machine(one, settings=QUICK)
    finally:
        with engine.begin() as cleaning:
            for table in (Cell, ReservedResource, Reservation):
                cleaning.execute(delete(table))
