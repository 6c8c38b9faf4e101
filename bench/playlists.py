"""What a playlist of a two-hour broadcast costs: bytes, and milliseconds cold and for one new row.

Run from the repository: ``python -m bench.playlists``. It uses SQLite in a temporary folder.
"""

import gzip
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from core.database import make_engine, make_sessions
from core.orm import Base
from media import playlists
from tests.fakes.shows import Show

SEGMENTS = 7_200
ROUNDS = 50


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        Base.metadata.create_all(engine)
        with make_sessions(engine)() as session:
            measure(session)
        engine.dispose()


def measure(session: Session) -> None:
    show = Show(session, datetime(2026, 1, 1, tzinfo=UTC), "source", "sound")
    show.begin_run(0)
    for number in range(SEGMENTS):
        show.add(size=300_000 + number, flush=False)
    session.flush()

    def ask(*, skip: bool = False) -> str:
        return playlists.media_playlist(
            session, broadcast_id=show.id, rendition="source", skip=skip
        ).text

    def cold() -> None:
        playlists.forget_listings()
        ask()

    full, delta = ask(), ask(skip=True)
    print(f"full       {len(full):>8} bytes, gzip {len(gzip.compress(full.encode(), 5))}")
    print(f"delta      {len(delta):>8} bytes, gzip {len(gzip.compress(delta.encode(), 5))}")
    print(f"cold       {milliseconds(cold, 5):8.2f} ms for {SEGMENTS} segments of 2 renditions")
    print(f"full, +1   {milliseconds(ask, ROUNDS, before=show.add):8.2f} ms")
    print(f"delta, +1  {milliseconds(lambda: ask(skip=True), ROUNDS, before=show.add):8.2f} ms")
    print(f"full, +0   {milliseconds(ask, ROUNDS):8.2f} ms")


def milliseconds(
    act: Callable[[], object], rounds: int, *, before: Callable[[], object] = lambda: None
) -> float:
    taken = []
    for _ in range(rounds):
        before()
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
