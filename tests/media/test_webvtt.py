import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.webvtt import Cue, WebvttInvalidError, parse_webvtt, webvtt

pytestmark = pytest.mark.unit


def test_cues_are_written_as_the_standard_shows_them() -> None:
    cues = [(0, 1_500, "Good evening."), (3_723_004, 3_725_000, "a < b & c\nsecond line")]
    assert webvtt(cues) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.500\nGood evening.\n\n"
        "01:02:03.004 --> 01:02:05.000\na &lt; b &amp; c\nsecond line\n"
    )


def test_no_cues_are_a_file_all_the_same() -> None:
    assert webvtt([]) == "WEBVTT\n"
    assert parse_webvtt("WEBVTT\n") == []


def test_short_times_and_line_ends_of_others_are_read() -> None:
    text = "\N{ZERO WIDTH NO-BREAK SPACE}WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nHello\r\n"
    assert parse_webvtt(text) == [Cue(1_000, 2_000, "Hello")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WEBVTT with words",
        "WEBVTT\n\n00:00:01.000 -> 00:00:02.000\nx",
        "WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nx",
        "WEBVTT\n\n00:61:01.000 --> 00:62:02.000\nx",
        "WEBVTT\n\n00:00:02.000 --> 00:00:02.000\nx",
        "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\n",
        "WEBVTT\n\n00:00:02.000 --> 00:00:03.000\n<b>x</b>",
        "WEBVTT\n\n00:00:05.000 --> 00:00:06.000\nx\n\n00:00:01.000 --> 00:00:02.000\ny",
    ],
)
def test_what_is_not_webvtt_is_refused(text: str) -> None:
    with pytest.raises(WebvttInvalidError):
        parse_webvtt(text)


@pytest.mark.parametrize("cue", [(5, 5, "x"), (0, 5, " "), (0, 5, "a\n\nb"), (-1, 5, "x")])
def test_cues_that_make_no_sense_are_not_written(cue: tuple[int, int, str]) -> None:
    with pytest.raises(WebvttInvalidError):
        webvtt([cue])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**8),
            st.integers(1, 10**6),
            st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(
                lambda text: bool(text.strip())
            ),
        )
    )
)
def test_whatever_is_written_is_read_back(found: list[tuple[int, int, str]]) -> None:
    cues = [Cue(start, start + length, text) for start, length, text in sorted(found)]
    assert parse_webvtt(webvtt(cues)) == cues
