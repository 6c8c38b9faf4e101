"""A recording, a worker for it, and what viewers are given of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, update

from core.clock import utc_now
from core.database import Sessions, reading
from core.settings import Settings
from core.work.models import Work
from media import hls, paths
from media.jobs import STEPS, enqueue_replay_steps
from media.ladder.planning import enqueue_ladder
from media.models import Broadcast, Rendition, Segment
from media.playlists import forget_listings, master_playlist, media_playlist
from media.steps import Step
from tests.fakes.recordings import record_run
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage
from web.worker.main import Worker, run_next


@dataclass
class House:
    """An ended broadcast in a database and a storage, and workers on it."""

    sessions: Sessions
    settings: Settings
    folder: Path
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    id: str = ""

    def record(
        self,
        *,
        runs: int = 1,
        seconds: int = 9,
        size: str = "640x360",
        renditions: tuple[str, ...] = ("source", "sound"),
        opened_after: float = 0.0,
        bytes_per_second: int = 30_000,
    ) -> None:
        began = utc_now() - timedelta(hours=1)
        with self.sessions.begin() as session:
            show = Show(session, began, *renditions)
            for number in range(runs):
                record_run(show, self.storage, self.folder, number, seconds=seconds, size=size)
            show.broadcast.opened_at = began + timedelta(seconds=opened_after)
            show.end()
            session.execute(update(Segment).values(size=bytes_per_second))
            self.id = show.id

    def ask(self, *, steps: bool = False) -> None:
        with self.sessions.begin() as session:
            ask = enqueue_replay_steps if steps else enqueue_ladder
            ask(session, broadcast_id=self.id, now=utc_now())

    def worker(self, steps: dict[str, Step] | None = None) -> Worker:
        return Worker(self.sessions, self.storage, self.settings, Event(), steps or STEPS)

    def work(self, worker: Worker | None = None, *, most: int = 100) -> int:
        """Run what is due; return how many steps were run."""
        worker = worker or self.worker()
        for done in range(most):
            if not run_next(worker):
                return done
        return most

    def only(self, *kinds: str) -> Worker:
        return self.worker({kind: STEPS[kind] for kind in kinds})

    def rows(self) -> list[Work]:
        with reading(), self.sessions() as session:
            query = select(Work).where(Work.subject == self.id)
            return list(session.scalars(query.order_by(Work.kind, Work.revision)))

    def states(self) -> dict[str, str]:
        return {f"{row.kind} {row.revision}": row.state for row in self.rows()}

    def broadcast(self) -> Broadcast:
        with reading(), self.sessions() as session:
            return session.get_one(Broadcast, self.id)

    def renditions(self, generation: int) -> dict[str, Rendition]:
        with reading(), self.sessions() as session:
            query = select(Rendition).where(
                Rendition.broadcast_id == self.id, Rendition.generation == generation
            )
            return {row.name: row for row in session.scalars(query.order_by(Rendition.position))}

    def segments(self, name: str) -> list[Segment]:
        with reading(), self.sessions() as session:
            query = (
                select(Segment)
                .join(Rendition, Rendition.id == Segment.rendition_id)
                .where(Rendition.broadcast_id == self.id, Rendition.name == name)
            )
            return list(session.scalars(query.order_by(Segment.sequence)))

    def master(self) -> str:
        with reading(), self.sessions() as session:
            return master_playlist(session, broadcast_id=self.id).text

    def playlist(self, name: str) -> str:
        with reading(), self.sessions() as session:
            return media_playlist(session, broadcast_id=self.id, rendition=name).text

    def listed(self) -> set[str]:
        """Return the key of every object that viewers are told of now, after every rule."""
        forget_listings()
        master = self.master()
        names = [uri.partition("/")[0] for uri in hls.parse_master(master).uris()]
        texts = {name: self.playlist(name) for name in names}
        assert hls.check_master(master) == []
        assert [hls.check_playlist(text) for text in texts.values()] == [[] for _ in texts]
        assert hls.check_renditions(texts) == []
        found = set()
        for name, text in texts.items():
            folder = paths.playlist_key(self.id, name).rpartition("/")[0]
            for one in hls.parse_media_playlist(text).segments:
                found |= {f"{folder}/{one.uri}", f"{folder}/{one.init_uri}"}
        return found

    def shift(self, by: timedelta) -> None:
        """Let the ladder have been shown, and the broadcast have ended, that much earlier."""
        row = self.broadcast()
        with self.sessions.begin() as session:
            session.execute(
                update(Broadcast).values(
                    generation_at=row.generation_at - by if row.generation_at else None,
                    ended_at=row.ended_at - by if row.ended_at else None,
                )
            )

    def write(self, folder: Path) -> Path:
        """Write everything in storage below ``folder``; return the master playlist."""
        for key, (data, _) in self.storage.objects.items():
            file = paths.spool_path(folder, key)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return paths.spool_path(folder, paths.master_key(self.id))


@pytest.fixture
def house(sessions: Sessions, settings: Settings, tmp_path: Path, now: datetime) -> House:
    del now
    forget_listings()
    return House(sessions, settings, tmp_path)


@pytest.fixture
def made(house: House) -> Callable[..., House]:
    """Return what records, makes the whole ladder, and gives the house back."""

    def make(**options: object) -> House:
        house.record(**options)  # type: ignore[arg-type]  # passed on as they are
        house.ask()
        house.work()
        return house

    return make
