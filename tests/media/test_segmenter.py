"""Segments out of fragments: never too long, nothing lost, order kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.feeds.ports import LONGEST_GOP_US
from media.mp4 import Fragment
from media.segmenter import ENOUGH_US, MOST_US, Cut, Follower, Segmenter

pytestmark = pytest.mark.unit


def fragments(durations: list[int]) -> list[Fragment]:
    found, at = [], 0
    for number, duration in enumerate(durations):
        found.append(Fragment(number.to_bytes(4), at, duration))
        at += duration
    return found


def cut_all(pieces: list[Fragment]) -> list[Cut]:
    segmenter = Segmenter()
    return [cut for piece in pieces for cut in segmenter.take(piece)] + segmenter.finish()


@given(st.lists(st.integers(1, LONGEST_GOP_US), max_size=60))
def test_segments_of_a_feed_that_may_be_copied(durations: list[int]) -> None:
    pieces = fragments(durations)
    cuts = cut_all(pieces)
    assert all(0 < cut.duration_us <= MOST_US for cut in cuts)
    assert sum(cut.duration_us for cut in cuts) == sum(durations)
    assert b"".join(cut.data for cut in cuts) == b"".join(piece.data for piece in pieces)
    assert [cut.starts_us for cut in cuts[1:]] == [c.starts_us + c.duration_us for c in cuts[:-1]]


@given(st.lists(st.integers(0, 3 * MOST_US), max_size=40))
def test_only_a_fragment_that_is_too_long_by_itself_makes_a_segment_too_long(
    durations: list[int],
) -> None:
    for cut in cut_all(fragments(durations)):
        assert cut.duration_us <= max(MOST_US, *durations)


def test_a_second_is_closed_at_once() -> None:
    segmenter = Segmenter()
    assert segmenter.take(Fragment(b"a", 0, 1_000_000)) == [Cut(b"a", 0, 1_000_000)]
    assert segmenter.finish() == []


def test_short_fragments_are_joined() -> None:
    quarter = ENOUGH_US // 3
    assert cut_all(fragments([quarter] * 6)) == [
        Cut(bytes([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]), 0, ENOUGH_US),
        Cut(bytes([0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5]), ENOUGH_US, ENOUGH_US),
    ]


def test_one_that_would_make_the_segment_too_long_begins_the_next() -> None:
    cuts = cut_all(fragments([700_000, 800_000]))
    assert [cut.duration_us for cut in cuts] == [700_000, 800_000]


def test_nothing_without_a_duration_is_closed() -> None:
    assert cut_all([Fragment(b"a", 0, 0)]) == []


def followed(leader: list[Cut], rung: list[Fragment]) -> list[Cut]:
    """Cut a rung whose fragments come after the cuts of the source."""
    follower = Follower()
    cuts = [cut for one in leader for cut in follower.follow(one)]
    cuts += [cut for one in rung for cut in follower.take(one)]
    return cuts + follower.finish()


@given(st.lists(st.integers(200_000, LONGEST_GOP_US), min_size=1, max_size=40), st.integers(0, 9))
def test_a_rung_is_cut_where_the_source_is(durations: list[int], late: int) -> None:
    """However late the rung is, and when it comes before the cut that it belongs to."""
    pieces = fragments(durations)
    segmenter, follower = Segmenter(), Follower()
    leading, cuts, waiting = [], [], list(pieces)
    for number, piece in enumerate(pieces):
        if number >= late:
            cuts += follower.take(waiting.pop(0))
        for cut in segmenter.take(piece):
            leading.append(cut)
            cuts += follower.follow(cut)
    for piece in waiting:
        cuts += follower.take(piece)
    for cut in segmenter.finish():
        leading.append(cut)
        cuts += follower.follow(cut)
    assert cuts + follower.finish() == leading


def test_a_rung_lies_a_little_apart_from_its_source() -> None:
    leader = [Cut(b"", at * 1_000_000, 1_000_000) for at in range(3)]
    for apart in (-80_000, 21_000, 80_000):
        rung = [Fragment(b"%d" % at, at * 1_000_000 + apart, 1_000_000) for at in range(3)]
        found = followed(leader, rung)
        assert [cut.data for cut in found] == [b"0", b"1", b"2"]


def test_a_rung_that_misses_a_second_has_no_segment_for_it() -> None:
    leader = [Cut(b"", at * 1_000_000, 1_000_000) for at in range(4)]
    rung = [Fragment(b"%d" % at, at * 1_000_000, 1_000_000) for at in (0, 2, 3)]
    assert [cut.data for cut in followed(leader, rung)] == [b"0", b"2", b"3"]


def test_the_last_picture_of_a_rung_lasts_as_long_as_the_source() -> None:
    leader = [Cut(b"", 0, 1_000_000), Cut(b"", 1_000_000, 1_000_000)]
    slides = [Fragment(b"0", 0, 1_000_000), Fragment(b"1", 1_000_000, 40_000)]
    assert [cut.duration_us for cut in followed(leader, slides)] == [1_000_000, 1_000_000]


def test_a_picture_after_the_end_of_the_source_is_no_segment_of_its_own() -> None:
    leader = [Cut(b"", 0, 1_000_000), Cut(b"", 1_000_000, 1_000_000)]
    rung = [Fragment(b"%d" % at, at * 1_000_000, 1_000_000) for at in range(2)]
    longer = [*rung, Fragment(b"2", 2_000_000, 40_000)]
    assert [cut.data for cut in followed(leader, longer)] == [b"0", b"1"]


def test_a_last_cut_of_one_picture_is_followed() -> None:
    leader = [Cut(b"", 0, 1_000_000), Cut(b"", 1_000_000, 40_000)]
    rung = [Fragment(b"0", 0, 1_000_000), Fragment(b"1", 1_000_000, 40_000)]
    assert [cut.data for cut in followed(leader, rung)] == [b"0", b"1"]


def test_a_segmenter_may_join_longer_segments() -> None:
    segmenter = Segmenter(enough_us=3_500_000, most_us=4_450_000)
    pieces = fragments([1_000_000] * 6)
    lengths = [cut.duration_us for piece in pieces for cut in segmenter.take(piece)]
    assert lengths == [4_000_000]
    assert [cut.duration_us for cut in segmenter.finish()] == [2_000_000]
