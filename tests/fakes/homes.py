"""Homes with something in them, to be put into one file and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from accounts.joining.models import Passkey
from accounts.models import AuditEntry, User
from core.database import make_engine, make_sessions
from core.heartbeats import Heartbeat
from core.ids import new_id
from core.limits import LimitCount
from core.orm import Base
from core.settings import Settings
from media.errors import StorageUnavailable
from media.models import Asset, InitSegment, Segment
from media.paths import asset_key, spool_path
from media.ports import ObjectStream
from scheduler.models import DatedHours, PersonTime
from streams.playback.models import Grant
from tests.conftest import NOW
from tests.fakes.storage import MemoryStorage
from tests.web.access_seed import World, make_world
from web.api.models import StoredAnswer
from web.archive.backup import Counts, back_up
from web.archive.restore import restore
from web.home import load_settings, read_services
from web.supervisor.database import upgrade

CHINESE = "凌晨三点的念头 \U0001f319"
Rows = dict[str, list[dict[str, Any]]]


def fill(settings: Settings, *, now: datetime) -> list[str]:
    """Make the tables and a value of every kind; return the keys not uploaded yet."""
    upgrade(settings)
    engine = make_engine(settings.database_url)
    with make_sessions(engine).begin() as session:
        world = make_world(session, data_key=settings.data_key, now=now)
        session.add_all(_more(world, now.replace(microsecond=123456)))
        session.flush()
        session.add(_away(world.people["viewer"].id, now.date()))
        session.add(_passkey(world.people["viewer"].id, now))
        keys = [
            *session.scalars(select(InitSegment.object_key).order_by(InitSegment.object_key)),
            *session.scalars(select(Segment.object_key).order_by(Segment.object_key)),
        ]
    engine.dispose()
    return keys


def _passkey(user_id: str, now: datetime) -> Passkey:
    """Return a passkey: its public half is bytes."""
    return Passkey(
        user_id=user_id,
        credential_id="cHVibGlj",
        public_key=bytes(range(256)),
        name=CHINESE,
        created_at=now,
    )


class Bucket(MemoryStorage):
    """Stays as it is when its connections are closed; goes away when it is full."""

    full_at = 10**9
    unreadable = False
    """Objects are listed, but their contents are not there yet."""

    def close(self) -> None:
        pass

    def put_bytes(self, key: str, data: bytes, *, content_type: str) -> None:
        self.away = self.away or len(self.objects) >= self.full_at
        super().put_bytes(key, data, content_type=content_type)

    @contextmanager
    def open_stream(
        self, key: str, *, first: int = 0, last: int | None = None
    ) -> Iterator[ObjectStream]:
        if self.unreadable:
            raise StorageUnavailable(key)
        with super().open_stream(key, first=first, last=last) as stream:
            yield stream


class Buckets:
    """A storage in memory for every address; takes the place of the class ``S3Storage``."""

    def __init__(self) -> None:
        self.by_address: dict[str, Bucket] = {}

    def from_settings(self, settings: Settings) -> Bucket:
        return self.by_address.setdefault(settings.s3_endpoint_url, Bucket())


class Place:
    """One home, its environment and its bucket."""

    def __init__(self, home: Path, buckets: Buckets, **more: str) -> None:
        self.environ = {
            "MINDCAST_HOME": str(home),
            "MINDCAST_DEMO": "0",
            "S3_ENDPOINT_URL": f"http://memory.test/{home.name}",
            **more,
        }
        self.home = home
        self.bucket = buckets.from_settings(self.settings)

    @property
    def settings(self) -> Settings:
        return load_settings(self.environ)

    @property
    def services(self) -> dict[str, Any]:
        return read_services(self.home)

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.home)) for path in self.home.rglob("*")}

    def save(self, target: Path, *, force: bool = False) -> Counts:
        return back_up(self.environ, target, force=force, now=NOW, say=lambda _: None)

    def load(self, archive: Path, *, force: bool = False) -> None:
        restore(self.environ, archive, force=force, say=lambda _: None)

    def everything(self) -> tuple[Rows, dict[str, tuple[bytes, str]], dict[str, bytes]]:
        return rows_of(self.settings), dict(self.bucket.objects), spool_of(self.settings)


def a_broadcast(settings: Settings) -> str:
    """Return the id of a broadcast of the home."""
    found: str = rows_of(settings)["media_broadcast"][0]["id"]
    return found


def write_spool(settings: Settings, key: str, data: bytes) -> Path:
    """Put a segment where the packager leaves it."""
    path = spool_path(settings.spool, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def spool_of(settings: Settings) -> dict[str, bytes]:
    """Return all files of the spool."""
    files = (path for path in settings.spool.rglob("*") if path.is_file())
    return {str(path.relative_to(settings.spool)): path.read_bytes() for path in files}


def rows_of(settings: Settings) -> Rows:
    """Return everything the database has, in an order that no database decides."""
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        found: Rows = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return {name: sorted(rows, key=_order) for name, rows in found.items()}


def _order(row: dict[str, Any]) -> str:
    return repr([row[name] for name in row if not isinstance(row[name], dict)])


def _away(person_id: str, day: date) -> DatedHours:
    return DatedHours(person_id=person_id, day=day, start_minute=0, end_minute=0, note=CHINESE)


def _more(world: World, moment: datetime) -> list[Base]:
    someone: User = world.people["viewer"]
    someone.display_name = CHINESE
    broadcast = world.livestreams["live_of_a"].broadcast_id
    grant = Grant(
        fingerprint="f" * 64,
        broadcast_id=broadcast,
        user_id=someone.id,
        device="d",
        place=1,
        created_at=moment,
        expires_at=moment,
    )
    answer = StoredAnswer(
        actor_id=someone.id,
        key="k",
        route="r",
        fingerprint="",
        body=[None, 1.5, {"名": CHINESE, "n": None}],
        expires_at=moment,
    )
    asset = Asset(
        broadcast_id=broadcast,
        kind="poster",
        object_key=asset_key(broadcast, "poster.jpg"),
        content_type="image/jpeg",
        size=2**31 - 1,
        sha256="0" * 64,
        created_at=moment,
    )
    hours = PersonTime(
        person_id=someone.id,
        timezone="Asia/Shanghai",
        previous={"weekly": [[[1080, 1260]]]},
        updated_at=moment,
    )
    entry = AuditEntry(
        id=new_id(), at=moment, act="a", subject_kind="s", subject_id="1", details={"zh": CHINESE}
    )
    return [
        grant,
        hours,
        answer,
        asset,
        entry,
        Heartbeat(role="live", node="n", at=moment),
        LimitCount(key="k", starts_at=moment, count=3),
    ]
