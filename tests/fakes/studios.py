"""A livestream that is on air from a browser, and the node that takes it, for tests of chunks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import select

from catalog.models import Livestream
from core.clock import utc_now
from core.database import Sessions, read_only
from core.settings import Settings
from media import hls
from media.models import Broadcast, Ingest, Rendition, Run, Segment
from media.playlists import forget_listings, master_playlist, media_playlist
from streams.doors.keys import key_of
from streams.life import services as life
from tests.fakes.nodes import Browser, RunningNode, wait_until
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.storage import MemoryStorage


@dataclass
class Studio:
    """A livestream that is announced, and a node that takes it."""

    sessions: Sessions
    settings: Settings
    storage: MemoryStorage
    livestream_id: str
    broadcast_id: str
    node: RunningNode
    browser: Browser

    def restart(self, silence_seconds: float = 5.0) -> None:
        self.node.stop()
        self.node = make_node(self.sessions, self.settings, self.storage, silence_seconds)
        self.browser.node = self.node

    def send(self, parts: list[bytes], first: int = 0) -> list[int]:
        return [self.browser.put(number, part)[0] for number, part in enumerate(parts, first)]

    def end(self) -> None:
        """End as the host does, and wait until the node has drained it."""
        with self.sessions() as session:
            livestream = session.get_one(Livestream, self.livestream_id)
            life.end(session, livestream=livestream, now=utc_now())
            session.commit()
        wait_until(lambda: self.broadcast().state == "ended", "the end")

    def broadcast(self) -> Broadcast:
        with read_only(self.sessions) as session:
            return session.get_one(Broadcast, self.broadcast_id)

    def ingests(self) -> list[Ingest]:
        with read_only(self.sessions) as session:
            query = select(Ingest).where(Ingest.broadcast_id == self.broadcast_id)
            return list(session.scalars(query.order_by(Ingest.number)))

    def runs(self) -> list[str]:
        with read_only(self.sessions) as session:
            query = select(Run.mode).where(Run.broadcast_id == self.broadcast_id)
            return list(session.scalars(query.order_by(Run.number)))

    def seconds(self, rendition: str = "source") -> float:
        with read_only(self.sessions) as session:
            query = select(Segment.duration_us).join(
                Rendition, Segment.rendition_id == Rendition.id
            )
            chosen = query.where(
                Segment.broadcast_id == self.broadcast_id, Rendition.name == rendition
            )
            return sum(session.scalars(chosen)) / 1_000_000

    def stored_us(self) -> int:
        """Return how much of the picture object storage really has, from the first segment on."""
        with read_only(self.sessions) as session:
            query = select(Segment).join(Rendition, Segment.rendition_id == Rendition.id)
            rows = session.scalars(
                query.where(Rendition.name == "source").order_by(Segment.sequence)
            )
            kept = takewhile(lambda row: row.object_key in self.storage.objects, rows)
            return sum(row.duration_us for row in kept)

    def check_playlists(self) -> int:
        """Check every playlist; return how many discontinuities there are."""
        forget_listings()
        with read_only(self.sessions) as session:
            texts = {
                name: media_playlist(session, broadcast_id=self.broadcast_id, rendition=name).text
                for name in ("source", "sound")
            }
            master = master_playlist(session, broadcast_id=self.broadcast_id).text
        assert [hls.check_playlist(text) for text in texts.values()] == [[], []]
        assert hls.check_renditions(texts) == []
        assert hls.check_master(master) == []
        return texts["source"].count("#EXT-X-DISCONTINUITY\n")


def make_node(
    sessions: Sessions, settings: Settings, storage: MemoryStorage, silence_seconds: float
) -> RunningNode:
    return RunningNode(settings, sessions, storage, silence_seconds).start()


@contextmanager
def open_studio(sessions: Sessions, settings: Settings, now: datetime) -> Iterator[Studio]:
    """Give a livestream that is live but for its media."""
    settings.home.mkdir(parents=True)
    with sessions() as session:
        world = World(session, now).build()
        made = world.livestream(state="scheduled", moderators=1)
        life.start(session, livestream=made, now=now)
        key = key_of(session, livestream_id=made.id, data_key=DATA_KEY) or ""
        session.commit()
    storage = MemoryStorage()
    node = make_node(sessions, settings, storage, 5.0)
    browser = Browser(node, made.id, key)
    built = Studio(sessions, settings, storage, made.id, made.broadcast_id, node, browser)
    try:
        yield built
    finally:
        built.node.stop()
