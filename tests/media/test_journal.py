"""The journal: parts, what may be dropped, and bytes that outlive the process that wrote them."""

import os
import signal
from pathlib import Path

import pytest

from media import flv
from media.feeds.flv import FlvFeed
from media.journal import (
    SYNC_SECONDS,
    Journal,
    Position,
    drop,
    drop_before,
    part_numbers,
    part_path,
)

pytestmark = pytest.mark.integration


def tag(at_ms: int, size: int = 40) -> bytes:
    return flv.write_tag(flv.AUDIO, at_ms, bytes([0x2F]) + bytes(size))


def test_parts_hold_whole_records_after_the_prefix(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a", prefix=b"head", part_bytes=10)
    for record in (b"12345", b"6", b"7890", b"x"):
        journal.append(record)
    journal.close()
    assert part_numbers(tmp_path / "a") == [0, 1]
    assert part_path(tmp_path / "a", 0).read_bytes() == b"head123456"
    assert part_path(tmp_path / "a", 1).read_bytes() == b"head7890x"


def test_a_new_writer_begins_a_part_of_its_own(tmp_path: Path) -> None:
    for record in (b"one", b"two"):
        journal = Journal(tmp_path)
        journal.append(record)
        journal.close()
    assert [part_path(tmp_path, number).read_bytes() for number in (0, 1)] == [b"one", b"two"]


def test_nothing_is_written_before_the_first_record(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a", prefix=b"head")
    journal.sync(monotonic=9.0)
    journal.close()
    journal.close()
    assert not (tmp_path / "a").exists()
    assert part_numbers(tmp_path / "a") == []


def test_parts_are_dropped_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path, part_bytes=1)
    for number in range(4):
        journal.append(b"%d" % number)
    drop_before(tmp_path, 2)
    drop_before(tmp_path, 2)
    assert part_numbers(tmp_path) == [2, 3]
    journal.append(b"4")
    journal.close()
    assert part_numbers(tmp_path) == [2, 3, 4]
    drop(tmp_path)
    drop(tmp_path)
    assert not tmp_path.exists()


def test_positions_are_ordered() -> None:
    assert sorted([Position(1, 0), Position(0, 9), Position(0, 2)]) == [
        Position(0, 2),
        Position(0, 9),
        Position(1, 0),
    ]


def test_bytes_are_forced_to_the_disk_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    journal = Journal(tmp_path)
    journal.append(b"a")
    for moment in (10.0, 10.1, 10.0 + SYNC_SECONDS):
        journal.sync(monotonic=moment)
    assert len(synced) == 2
    journal.close()
    assert len(synced) == 3


def test_a_reader_follows_a_journal_that_grows(tmp_path: Path) -> None:
    journal = Journal(tmp_path, prefix=flv.header(), part_bytes=100)
    feed = FlvFeed(tmp_path, closed=lambda: False)
    feed.begin(0, encode=True)
    seen: list[int] = []
    for at in range(0, 200, 20):
        journal.append(tag(at))
        data = feed.read()
        assert data is not None
        whole = data if data.startswith(b"FLV") else flv.header() + data
        seen += [one.timestamp_ms for one in flv.iter_tags(whole)]
        assert feed.read() == b""
    journal.close()
    assert seen == list(range(0, 200, 20))
    assert len(part_numbers(tmp_path)) > 2


def test_a_writer_killed_in_the_middle_of_a_tag_leaves_whole_tags(tmp_path: Path) -> None:
    """Nothing is buffered in the process: what append took is there, whatever happens to it."""
    child = os.fork()
    if child == 0:
        journal = Journal(tmp_path, prefix=flv.header())
        journal.append(tag(0))
        journal.append(tag(20))
        journal.append(tag(40)[:-9])
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    feed = FlvFeed(tmp_path, closed=lambda: True)
    feed.begin(0, encode=True)
    data = feed.read()
    assert data is not None
    assert [one.timestamp_ms for one in flv.iter_tags(data)] == [0, 20]
    assert feed.read() is None
