"""What of a premiere is listed and given out at each moment of it, and never before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.ids import new_id
from media import hls, playlists
from media.enums import BroadcastState
from media.errors import NotYetPlayable
from media.models import Broadcast, Rendition
from media.premiere import MARGIN, SETTLING, Premiere, premiere_of, shown_generation
from media.showing import talk_length
from tests.fakes.shows import Show

CAME = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
BEGAN = CAME + timedelta(days=2, seconds=1.5)
LENGTHS_US = {"source": 2_000_000, "sound": 2_000_000, "g1v720": 4_000_000, "g1audio": 4_000_000}
SECONDS = 24

moments = st.integers(-3_600_000, 30_000_000).map(lambda ms: BEGAN + timedelta(milliseconds=ms))
ends = st.integers(0, 20_000).map(lambda ms: CAME + timedelta(milliseconds=ms))


@pytest.mark.unit
@given(moments, ends, st.none() | st.integers(0, 20_000))
def test_nothing_is_due_before_its_time(
    now: datetime, row_ends_at: datetime, ended_ms: int | None
) -> None:
    ended_at = None if ended_ms is None else BEGAN + timedelta(milliseconds=ended_ms)
    premiere = Premiere(BEGAN, CAME, ended_at)
    due, listed = premiere.due_until(now), premiere.listed_until(now)
    if due is None or listed is None:
        assert (due, listed) == (None, None)
        assert ended_at is not None
        assert now >= ended_at + SETTLING
        return
    shown_at = row_ends_at + premiere.shift
    seen_until = now if ended_at is None else min(now, ended_at)
    assert (row_ends_at <= due) == (shown_at <= seen_until)
    assert (row_ends_at <= listed) == (shown_at + MARGIN <= seen_until)


@pytest.mark.unit
@given(moments, moments, st.none() | moments)
def test_what_is_due_stays_due(one: datetime, other: datetime, ended_at: datetime | None) -> None:
    premiere = Premiere(BEGAN, CAME, ended_at)
    before, after = (premiere.due_until(now) for now in sorted((one, other)))
    assert after is None or (before is not None and before <= after)


@pytest.mark.unit
def test_premiere_is_over_when_its_last_segment_is_listed() -> None:
    premiere = Premiere(BEGAN, CAME)
    last = CAME + timedelta(seconds=10)
    over_at = BEGAN + timedelta(seconds=10) + MARGIN
    just_before = over_at - timedelta(microseconds=1)
    assert [premiere.is_over(last, now) for now in (just_before, over_at)] == [False, True]
    assert Premiere(BEGAN, CAME, ended_at=BEGAN).is_over(last, BEGAN)


@pytest.mark.unit
def test_broadcast_without_an_opening_or_a_start_has_no_premiere() -> None:
    assert premiere_of(premiere_at=None, opened_at=CAME, ended_at=None) is None
    assert premiere_of(premiere_at=BEGAN, opened_at=None, ended_at=None) is None
    assert premiere_of(premiere_at=BEGAN, opened_at=CAME, ended_at=None) == Premiere(BEGAN, CAME)


@pytest.mark.unit
def test_premiere_goes_on_with_the_renditions_it_began_with() -> None:
    premiere, second = Premiere(BEGAN, CAME), timedelta(seconds=1)
    times = {None: 0, BEGAN - second: 1, BEGAN + second: 0}
    for at, expected in times.items():
        assert shown_generation(1 if at else 0, generation_at=at, premiere=premiere) == expected


class Cinema(Show):
    """A talk of 24 s that was brought in, with a ladder beside it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, CAME, *LENGTHS_US)
        self.begin_run(3)
        for name, rendition in self.renditions.items():
            rendition.generation = int(name.startswith("g1"))
            rendition.target_duration = LENGTHS_US[name] // 1_000_000
            self.clock = CAME
            for _ in range(SECONDS * 1_000_000 // LENGTHS_US[name]):
                self.add(name, duration_us=LENGTHS_US[name])
        self.end()
        self.broadcast.generation, self.broadcast.generation_at = 1, CAME
        session.flush()

    def begin(self) -> None:
        self.broadcast.premiere_at = BEGAN
        self.session.flush()

    def text(self, name: str, now: datetime | None, *, skip: bool = False) -> str:
        return playlists.media_playlist(
            self.session, broadcast_id=self.id, rendition=name, skip=skip, now=now
        ).text

    def listed(self, name: str, now: datetime | None) -> int:
        try:
            return self.text(name, now).count("#EXTINF")
        except NotYetPlayable:
            return 0


@pytest.fixture
def cinema(session: Session) -> Iterator[Cinema]:
    playlists.forget_listings()
    yield Cinema(session)
    playlists.forget_listings()


def seconds(count: float) -> datetime:
    return BEGAN + timedelta(seconds=count)


@pytest.mark.integration
def test_talk_is_held_whole_for_its_crew_until_the_start(cinema: Cinema) -> None:
    assert "#EXT-X-ENDLIST" in cinema.text("source", CAME)
    assert cinema.listed("source", CAME) == 12
    cinema.begin()
    assert cinema.listed("source", seconds(0)) == 0
    with pytest.raises(NotYetPlayable):
        playlists.master_playlist(cinema.session, broadcast_id=cinema.id, now=seconds(4.9))


@pytest.mark.integration
def test_every_second_lists_what_is_due_and_nothing_else(cinema: Cinema) -> None:
    cinema.begin()
    polls: dict[str, list[str]] = {name: [] for name in LENGTHS_US}
    for second in range(SECONDS + 3):
        now = seconds(second)
        for name, length in LENGTHS_US.items():
            due = max(0, second - 1) * 1_000_000 // length
            assert cinema.listed(name, now) == min(due, SECONDS * 1_000_000 // length)
            if due:
                text = cinema.text(name, now)
                assert hls.check_playlist(text) == []
                assert ("#EXT-X-ENDLIST" in text) == (second >= SECONDS + 1)
                polls[name].append(cinema.text(name, now, skip=bool(polls[name])))
        for pair in (("source", "sound"), ("g1v720", "g1audio")):
            texts = {name: polls[name][-1] for name in pair if polls[name]}
            assert hls.check_renditions(texts) == []
    assert {name: hls.check_polls(polls[name]) for name in polls} == {name: [] for name in polls}


@pytest.mark.integration
def test_times_are_those_at_which_viewers_saw_it(cinema: Cinema) -> None:
    cinema.begin()
    parsed = hls.parse_media_playlist(cinema.text("g1v720", seconds(9)))
    assert [one.program_at for one in parsed.segments][:1] == [seconds(0)]
    texts = playlists.final_playlists(cinema.session, broadcast_id=cinema.id)
    written = next(text for key, text in texts.items() if "g1v720" in key)
    assert hls.parse_media_playlist(written).segments[0].program_at == seconds(0)
    assert written.count("#EXTINF") == 6


@pytest.mark.integration
def test_what_a_step_reads_of_the_whole_talk_is_told_to_no_viewer(cinema: Cinema) -> None:
    cinema.begin()
    assert cinema.listed("source", seconds(5)) == 2
    assert cinema.listed("source", None) == 12
    playlists.final_playlists(cinema.session, broadcast_id=cinema.id)
    assert cinema.listed("source", seconds(5)) == 2


@pytest.mark.integration
def test_another_process_lists_the_same(cinema: Cinema) -> None:
    cinema.begin()
    for second in (3, 8, 12):
        cinema.listed("source", seconds(second))
    grown = cinema.text("source", seconds(13))
    playlists.forget_listings()
    assert cinema.text("source", seconds(13)) == grown


@pytest.mark.integration
def test_ended_early_shows_the_rest_only_when_players_are_gone(cinema: Cinema) -> None:
    cinema.begin()
    assert cinema.listed("source", seconds(9)) == 4
    cinema.broadcast.end_requested_at = seconds(9)
    cinema.session.flush()
    for later in (0, 10, SETTLING.total_seconds() - 1):
        text = cinema.text("source", seconds(9 + later))
        assert ("#EXT-X-ENDLIST" in text, text.count("#EXTINF")) == (True, 4)
    assert cinema.listed("source", seconds(9) + SETTLING) == 12


@pytest.mark.integration
def test_ladder_that_comes_in_the_middle_is_shown_after_the_end(cinema: Cinema) -> None:
    cinema.begin()
    cinema.broadcast.generation_at = seconds(3)
    cinema.session.flush()

    def master(now: datetime) -> str:
        return playlists.master_playlist(cinema.session, broadcast_id=cinema.id, now=now).text

    assert "source/index.m3u8" in master(seconds(8))
    assert "g1v720/index.m3u8" not in master(seconds(8))
    cinema.broadcast.end_requested_at = seconds(25)
    cinema.session.flush()
    assert "g1v720/index.m3u8" in master(seconds(25) + SETTLING)


@pytest.mark.integration
def test_talk_length_is_that_of_the_renditions_shown(cinema: Cinema, session: Session) -> None:
    assert talk_length(session, broadcast_id=cinema.id) == timedelta(seconds=24)
    empty = Broadcast(id=new_id(), created_at=CAME, state=BroadcastState.IDLE)
    session.add(empty)
    session.flush()
    assert talk_length(session, broadcast_id=empty.id) == timedelta(0)
    assert session.query(Rendition).filter_by(broadcast_id=empty.id).count() == 0
