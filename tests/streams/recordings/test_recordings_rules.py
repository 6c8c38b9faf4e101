import pytest

from streams.recordings.rules import (
    Chapter,
    Line,
    best_language,
    clock_of,
    plain_transcript,
    transcript_lines,
)

pytestmark = pytest.mark.unit

SENTENCE = "A sentence that is made long enough to be a line of a transcript by itself, or nearly."


def test_short_cues_are_joined_until_a_sentence_ends() -> None:
    cues = [(0, 900, "So, blood\ntests."), (1000, 4000, SENTENCE), (4100, 5000, "Next.")]
    assert transcript_lines(cues, language="en") == [
        Line(0, 4000, f"So, blood tests. {SENTENCE}"),
        Line(4100, 5000, "Next."),
    ]


def test_a_chapter_and_a_pause_begin_a_line() -> None:
    cues = [(0, 900, "One."), (1000, 2000, "Two."), (5000, 6000, "Three."), (6000, 7000, "Four.")]
    lines = transcript_lines(cues, language="en", breaks=[0, 1000])
    assert [line.text for line in lines] == ["One.", "Two.", "Three. Four."]


def test_chinese_is_joined_without_spaces() -> None:
    cues = [(0, 900, "锂盐"), (1000, 2000, "怎么用。")]
    assert [line.text for line in transcript_lines(cues, language="zh-Hans")] == ["锂盐怎么用。"]


def test_a_speaker_without_full_stops_is_cut() -> None:
    cues = [(n * 1000, n * 1000 + 1000, "and so on and on") for n in range(60)]
    assert max(len(line.text) for line in transcript_lines(cues, language="en")) < 350


def test_the_language_of_the_page_comes_first_then_the_spoken_one() -> None:
    both = ["en", "zh-Hans"]
    found = [
        best_language(both, page="zh-Hans", spoken="en"),
        best_language(["en"], page="zh-Hans", spoken="en"),
        best_language(["en"], page="zh-Hans", spoken="fr"),
        best_language([], page="en", spoken="en"),
    ]
    assert found == ["zh-Hans", "en", "en", None]


def test_a_position_reads_as_a_clock() -> None:
    assert [clock_of(second) for second in (0, 65, 3725)] == ["0:00", "1:05", "1:02:05"]


def test_a_transcript_as_text_has_its_chapters() -> None:
    lines = [Line(0, 2000, "Welcome."), Line(65_000, 70_000, "A question.")]
    chapters = [Chapter(0, "Before we begin"), Chapter(60_000, "Questions")]
    assert plain_transcript("Sleep", chapters, lines) == (
        "Sleep\n\n0:00  Before we begin\n\n0:00  Welcome.\n\n1:00  Questions\n\n1:05  A question.\n"
    )
