"""Browsers and a whole node: numbered chunks become one broadcast, whatever happens."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from subprocess import DEVNULL

import pytest
from sqlalchemy import update

from core.clock import utc_now
from core.database import Sessions
from core.settings import Settings
from media.models import Broadcast, Ingest
from media.mp4 import Fragment, FragmentReader, read_spans
from media.process import ChildProcess
from media.webm import Scanner
from streams.node.node import LOOK_SECONDS
from streams.node.recordings import SILENCE_SECONDS
from tests.fakes.browsers import encoder_arguments, mp4_recording, pieces, recording
from tests.fakes.nodes import wait_until
from tests.fakes.studios import Studio, make_node, open_studio

pytestmark = pytest.mark.integration

SECONDS = 4.0
CHUNKS = 16


@pytest.fixture
def studio(sessions: Sessions, settings: Settings, now: datetime) -> Iterator[Studio]:
    with open_studio(sessions, settings, now) as opened:
        yield opened


@pytest.mark.parametrize(
    ("codec", "mode"), [("h264", "copy"), ("vp8", "encode"), ("long", "encode")]
)
def test_recording_becomes_one_broadcast(studio: Studio, codec: str, mode: str) -> None:
    assert studio.send(pieces(recording(codec), CHUNKS)) == [201] * CHUNKS
    studio.end()
    assert [(one.kind, one.next_chunk) for one in studio.ingests()] == [("chunks", CHUNKS)]
    assert studio.runs()[-1] == mode
    assert studio.seconds() == pytest.approx(SECONDS, abs=1.0)
    assert studio.seconds("sound") == pytest.approx(SECONDS, abs=1.0)
    assert studio.check_playlists() == 0 if codec != "long" else 1


def test_recording_in_mp4_is_encoded(studio: Studio) -> None:
    assert studio.send(pieces(mp4_recording(), CHUNKS)) == [201] * CHUNKS
    studio.end()
    assert studio.runs() == ["encode"]
    assert studio.seconds() == pytest.approx(SECONDS, abs=1.0)
    assert studio.check_playlists() == 0


def test_duplicates_and_gaps_change_nothing(studio: Studio) -> None:
    parts = pieces(recording("h264"), CHUNKS)
    assert studio.browser.put(3, parts[3])[0] == 409
    for number, part in enumerate(parts):
        assert studio.browser.put(number + 1, part)[1]["next"] == number
        status, answer = studio.browser.put(number, part)
        assert (status, answer["next"]) == (201, number + 1)
        status, answer = studio.browser.put(number, b"something else")
        assert (status, answer["next"]) == (200, number + 1)
    studio.end()
    assert studio.seconds() == pytest.approx(SECONDS, abs=1.0)
    assert studio.check_playlists() == 0


def test_node_that_is_started_again_goes_on_in_the_same_ingest(studio: Studio) -> None:
    parts = pieces(recording("h264"), CHUNKS)
    studio.send(parts[:9])
    wait_until(lambda: studio.seconds() >= 1, "a segment")
    studio.restart()
    assert studio.browser.place()[1]["next"] == 9
    assert studio.browser.put(8, parts[8])[0] == 200
    assert studio.send(parts[9:], 9) == [201] * 7
    studio.end()
    assert len(studio.ingests()) == 1
    assert studio.seconds() == pytest.approx(SECONDS, abs=1.0)
    studio.check_playlists()


def test_file_without_its_row_is_not_asked_for_again(studio: Studio) -> None:
    parts = pieces(recording("h264"), CHUNKS)
    studio.send(parts[:3])
    studio.node.stop()
    with studio.sessions() as session:  # as a kill between the two leaves it
        session.execute(update(Ingest).values(next_chunk=2))
        session.commit()
    studio.node = studio.browser.node = make_node(
        studio.sessions, studio.settings, studio.storage, 5.0
    )
    wait_until(lambda: studio.browser.place()[1]["next"] == 3, "the file to be found")
    assert studio.ingests()[0].next_chunk == 3


def test_silence_interrupts_and_the_next_chunk_goes_on(studio: Studio) -> None:
    studio.restart(silence_seconds=0.2)
    parts = pieces(recording("h264"), CHUNKS)
    studio.send(parts[:8])
    wait_until(lambda: studio.broadcast().state == "interrupted", "the interruption")
    assert studio.send(parts[8:9], 8) == [201]
    assert studio.broadcast().interrupted_at is None
    wait_until(lambda: studio.broadcast().state == "interrupted", "the second one")
    assert studio.send(parts[9:], 9) == [201] * 7
    studio.end()
    assert len(studio.ingests()) == 1
    assert studio.seconds() == pytest.approx(SECONDS, abs=1.0)
    assert studio.check_playlists() == 0


def test_viewers_are_told_within_five_seconds() -> None:
    until_seen = LOOK_SECONDS + 1.0  # the edge keeps the audience's state for a second
    assert SILENCE_SECONDS + until_seen < 5


@pytest.mark.parametrize(("minutes", "status"), [(1, 201), (3, 409)])
def test_absence_is_forgiven_within_the_window(studio: Studio, minutes: int, status: int) -> None:
    studio.restart(silence_seconds=0.2)
    parts = pieces(recording("h264"), CHUNKS)
    studio.send(parts[:8])
    wait_until(lambda: studio.broadcast().state == "interrupted", "the interruption")
    with studio.sessions() as session:
        long_ago = utc_now() - timedelta(minutes=minutes)
        session.execute(update(Broadcast).values(interrupted_at=long_ago))
        session.commit()
    if status == 201:
        assert studio.send(parts[8:], 8) == [201] * 8
        assert (studio.broadcast().state, len(studio.ingests())) == ("receiving", 1)
        studio.end()
        assert studio.seconds() == pytest.approx(SECONDS, abs=0.2)
    else:
        wait_until(lambda: studio.broadcast().state == "ended", "the end of the window")
        answer = studio.browser.put(8, parts[8])
        assert (answer[0], answer[1]["code"]) == (409, "not_receiving")


@pytest.mark.parametrize("count", [2, CHUNKS])
def test_what_was_sent_before_the_end_is_in_the_replay(studio: Studio, count: int) -> None:
    studio.send(pieces(recording("h264"), count))
    studio.end()
    assert studio.seconds() == pytest.approx(SECONDS, abs=0.2)
    assert studio.browser.put(count, b"late")[1]["code"] == "not_receiving"
    assert studio.browser.place()[1]["next"] == count


def test_window_that_passes_ends_the_broadcast(studio: Studio) -> None:
    studio.restart(silence_seconds=0.2)
    parts = pieces(recording("h264"), CHUNKS)
    studio.send(parts)
    with studio.sessions() as session:
        session.execute(update(Broadcast).values(window_seconds=0))
        session.commit()
    wait_until(lambda: studio.broadcast().state == "ended", "the window")
    assert studio.browser.put(CHUNKS, b"late")[0] == 409
    assert studio.seconds() == pytest.approx(SECONDS, abs=1.0)


def test_reload_begins_a_second_ingest(studio: Studio) -> None:
    first = pieces(recording("h264"), CHUNKS)
    second = pieces(recording("vp8"), CHUNKS)
    studio.send(first)
    assert studio.browser.place()[1]["next"] == CHUNKS
    assert studio.send(second, CHUNKS) == [201] * CHUNKS
    studio.end()
    assert [one.next_chunk for one in studio.ingests()] == [CHUNKS, 2 * CHUNKS]
    assert studio.runs() == ["copy", "encode"]
    assert studio.seconds() == pytest.approx(2 * SECONDS, abs=1.0)
    assert studio.check_playlists() == 1


@pytest.mark.parametrize("number", [0, 1])
def test_wrong_key_is_refused_and_nothing_is_kept(studio: Studio, number: int) -> None:
    studio.browser.key = "wrong"
    assert studio.browser.put(number, recording("h264"))[0] == 404
    assert studio.browser.place()[0] == 404
    assert studio.ingests() == []
    assert not studio.settings.journal.exists()


def test_first_chunk_that_begins_nothing_is_refused(studio: Studio) -> None:
    status, answer = studio.browser.put(0, b"no recording")
    assert (status, answer["code"]) == (422, "not_a_recording")
    assert answer["another_sends"] is False
    assert studio.ingests() == []


def test_beginning_may_come_byte_by_byte(studio: Studio) -> None:
    whole = recording("h264")
    parts = [whole[:1], *pieces(whole[1:], CHUNKS)]  # as of a recorder that waits for a picture
    assert studio.send(parts) == [201] * (CHUNKS + 1)
    assert studio.send(parts, CHUNKS + 1) == [201] * (CHUNKS + 1)
    studio.end()
    assert len(studio.ingests()) == 2
    assert studio.seconds() == pytest.approx(2 * SECONDS, abs=1.0)
    studio.check_playlists()


def test_durability_is_monotone_and_honest(studio: Studio) -> None:
    studio.storage.away = True
    parts = pieces(recording("h264", 8.0), 32)
    claims = [
        studio.browser.put(number, part)[1]["durable_through"]
        for number, part in enumerate(parts[:24])
    ]
    wait_until(lambda: studio.seconds() >= 4, "segments")
    claims.append(studio.browser.place()[1]["durable_through"])
    assert claims == [-1] * 25
    studio.storage.away = False
    claim = rising(studio.browser.place, claims)
    wait_until(lambda: claim() >= 8, "a claim")
    last = claim()
    claimed_us = [
        block.time_us for part in [b"".join(parts[: last + 1])] for block in Scanner().feed(part)
    ]
    assert 8 <= last < 24
    assert max(claimed_us) <= studio.stored_us()
    studio.send(parts[24:], 24)
    studio.end()
    wait_until(lambda: claim() == 31, "the last claim")
    assert claims == sorted(claims)


def test_chunks_of_mp4_are_durable_while_the_recording_goes_on(studio: Studio) -> None:
    parts = pieces(mp4_recording(8.0), 32)
    studio.send(parts[:24])
    claim = rising(studio.browser.place, [])
    wait_until(lambda: claim() >= 8, "a claim")
    assert claim() < 24
    reader = FragmentReader()
    ends = [
        end
        for found in reader.feed(b"".join(parts[: claim() + 1]))
        if reader.init is not None and isinstance(found, Fragment)
        for _begin, end in read_spans(reader.init, found.data)
    ]
    assert 0 < max(ends) <= studio.stored_us()
    studio.send(parts[24:], 24)
    studio.restart()
    studio.end()
    assert studio.seconds() == pytest.approx(8.0, abs=1.0)


def rising(place: Callable[[], tuple[int, dict[str, int]]], claims: list[int]) -> Callable[[], int]:
    def claim() -> int:
        claims.append(place()[1]["durable_through"])
        return claims[-1]

    return claim


@pytest.fixture
def encoder(studio: Studio) -> Iterator[Callable[[], None]]:
    """Return what makes an encoder push over RTMP until the end of the test."""
    children = []

    def push() -> None:
        target = f"rtmp://127.0.0.1:{studio.node.rtmp_port}/live/{studio.browser.key}"
        child = ChildProcess(encoder_arguments(target), stdin=DEVNULL)
        child.start()
        children.append(child)

    yield push
    for child in children:
        child.close(grace=0.2)


def test_encoder_takes_over_from_a_browser_and_back(
    studio: Studio, encoder: Callable[[], None]
) -> None:
    parts = pieces(recording("h264"), CHUNKS)
    studio.send(parts[:12])
    encoder()
    wait_until(lambda: len(studio.ingests()) == 2, "the encoder")
    assert studio.ingests()[0].closed_at is not None
    status, answer = studio.browser.put(12, parts[12])
    assert (status, answer["code"]) == (422, "not_a_recording")
    assert answer["another_sends"] is True
    assert studio.send(pieces(recording("vp8"), CHUNKS), 12) == [201] * CHUNKS
    assert [one.kind for one in studio.ingests()] == ["chunks", "rtmp", "chunks"]
    assert studio.broadcast().state == "receiving"
    assert studio.ingests()[1].closed_at is not None
    studio.end()
    assert studio.browser.place()[1]["next"] == 12 + CHUNKS
