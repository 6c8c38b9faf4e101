"""What fits a question, and what an answer must say."""

from datetime import UTC, datetime, timedelta

import pytest

from media.hls import SegmentRow
from streams.answers.rules import Written, faults_of, fitting, plain_words, program_time
from streams.marks.rules import replay_ms

pytestmark = pytest.mark.unit

ANSWERS = [
    ("panic", "How do I know it is panic and not my heart? Panic peaks within ten minutes."),
    ("wine", "Can I have a glass of wine with lithium?"),
    ("night", "半夜醒来睡不着怎么办"),
    ("tablet", "What if I forget a tablet of lithium?"),
    ("school", "孩子不愿意上学怎么办"),
]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Is this panic, or a heart attack?", "panic"),
        ("I'm drinking wine on LITHIUM", "wine"),
        ("i forgot my lithium tablets", "tablet"),
        ("半夜总是醒 睡不着", "night"),
        ("孩子不想上学", "school"),
    ],
)
def test_question_in_other_words_finds_its_answer(question: str, best: str) -> None:
    assert fitting(question, ANSWERS)[0] == best


@pytest.mark.parametrize("question", ["", "What is the weather?", "…", "the of and"])
def test_question_that_nothing_fits_finds_nothing(question: str) -> None:
    assert fitting(question, ANSWERS) == []


def test_at_most_three_are_found_the_best_first() -> None:
    many = [(f"{n}", "sleep " * n + "well") for n in range(1, 7)] + [("0", "sleep well tonight")]
    assert fitting("sleep well tonight", many) == ["0", "1", "2"]


def row(number: int, at: datetime) -> SegmentRow:
    return SegmentRow(
        sequence=number,
        run_number=0,
        duration_us=2_000_000,
        program_at=at,
        uri=f"{number}.m4s",
        init_uri="init.mp4",
    )


def test_a_position_and_its_program_time_are_twins() -> None:
    began = datetime(2026, 3, 10, 18, tzinfo=UTC)
    ats = [began, began + timedelta(seconds=2), began + timedelta(seconds=60)]  # a gap of a minute
    rows = [row(number, at) for number, at in enumerate(ats)]
    for position in (0, 1_500, 2_000, 3_999, 4_500, 5_999):
        assert replay_ms(rows, program_time(rows, position)) == position
    assert program_time(rows, -5) == began
    assert program_time(rows, 99_000) == ats[-1] + timedelta(seconds=2)


def test_faults_name_their_fields() -> None:
    long = Written({"en": "x" * 201}, {"en": "x" * 5_001}, 5_000, 5_500)
    assert [one.field for one in faults_of(long)] == ["title", "text", "end"]
    assert [one.field for one in faults_of(Written({}, {}, 0, 1_800_001))] == ["title", "end"]
    assert list(faults_of(Written({"en": "Why?"}, {}, 0, 1_800_000))) == []


def test_words_are_kept_without_what_no_page_shows() -> None:
    assert plain_words({"en": " Why\x07? ", "zh-Hans": " ", "de": "Warum?"}) == {"en": "Why?"}
