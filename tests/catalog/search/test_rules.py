"""Words, queries, marks, slips and calls for help."""

from datetime import timedelta

import pytest

from catalog.rules import First, first_steps
from catalog.search.rules.asking import Term, asked_for, asked_loosely
from catalog.search.rules.crisis import asks_for_help
from catalog.search.rules.documents import Sheet, as_vector, entry_of
from catalog.search.rules.expressions import fts5, tsquery
from catalog.search.rules.folding import SIMPLIFIED, TRADITIONAL, folded
from catalog.search.rules.marking import Piece, marked, said, snippet
from catalog.search.rules.spelling import one_edit_away
from catalog.search.rules.words import index_words, query_words

pytestmark = pytest.mark.unit


def test_folding_keeps_the_length_and_makes_forms_equal() -> None:
    typed = "\uff33\uff2cEEP Café 雙相 失眠\u3000\u2019"
    assert folded(typed) == "sleep cafe 双相 失眠 '"
    assert len(folded(typed)) == len(typed)
    assert len(set(TRADITIONAL)) == len(TRADITIONAL) == len(SIMPLIFIED)


def test_words_have_no_plural_and_every_word_inside_chinese_ones() -> None:
    assert [*index_words("The anxieties of shift-workers: crashes, stress")] == [
        *("anxiety", "shift", "worker", "crash", "stress"),
    ]
    assert {"抑郁", "抑郁症", "症状"} <= {*index_words("抑郁症状")}
    assert {"沈怡然", "怡然"} <= {*index_words("沈怡然", is_head=True)}
    assert query_words("我的失眠") == ("失眠",)


def test_queries_of_both_databases_hold_words_alone() -> None:
    asked = asked_for('sle "panic attacks" 失眠 睡 \'|!&) OR')
    assert asked.terms == (
        Term(("panic", "attack")),
        Term(("sle",), begins=True),
        Term(("失眠",)),
        Term(("睡",), begins=True),
    )
    assert (
        fts5(asked, field="title") == '{title} : ("panic attack" AND "sle"* AND "失眠" AND "睡"*)'
    )
    assert tsquery(asked, every=False) == "('panic' <-> 'attack') | 'sle':* | '失眠' | '睡':*"
    assert not asked_for("the of 的 '\"*()")
    assert Term(("抑郁",)) in asked_loosely(asked_for("抑郁症")).terms


def test_marks_stand_on_the_characters_of_the_text_itself() -> None:
    asked = asked_for("anxiety 失眠")
    pieces = marked(asked, "ANXIETIES und 長期失眠 <b>")
    assert [piece.text for piece in pieces if piece.is_marked] == ["ANXIETIES", "失眠"]
    assert "".join(piece.text for piece in pieces) == "ANXIETIES und 長期失眠 <b>"
    assert marked(asked_for("art"), "article heart") == (
        Piece("article", is_marked=True),
        Piece(" heart"),
    )
    far = snippet(asked, "word " * 100 + "anxiety " + "word " * 100)
    assert far[0].text == "…"
    assert [piece.text for piece in far if piece.is_marked] == ["anxiety"]


def test_lines_that_say_most_come_with_their_second() -> None:
    cues = [
        [0, 900, "We begin."],
        [61_500, 64_000, "A panic\nattack ends."],
        [90_000, 91_000, "Panic."],
        [3_725_000, 3_726_000, "Attacks again."],
        [3_800_000, 3_801_000, "The last panic."],
    ]
    found = said(asked_for("panic attack"), cues)
    assert [(line.second, line.clock) for line in found] == [
        *((61, "1:01"), (90, "1:30"), (3725, "1:02:05")),
    ]
    assert [piece.text for piece in found[0].pieces if piece.is_marked] == ["panic", "attack"]
    assert said(asked_for('"panic attack"'), cues)[0].second == 61
    assert said(asked_for("we panic"), cues)[0].pieces[0].text == "A "


def test_an_entry_ranks_what_is_said_often() -> None:
    cues = [[0, 1, "lithium"], [1, 2, "Lithium and sleep"], [2, 3, "lithium again"]]
    entry = entry_of(Sheet({"en": "Moods"}, {"en": "Plain."}, [{"en": "Shen"}], [], [cues]))
    assert (entry.title, entry.about, entry.often) == (["mood"], ["shen", "plain"], ["lithium"])
    assert entry.everything == [
        *("mood", "shen", "plain", "lithium", "lithium", "sleep", "lithium", "again"),
    ]
    assert as_vector(["a", "b", "a"]) == "'a':1,3 'b':2"


def test_one_slip_is_one_edit() -> None:
    for slip in ("depresion", "depressoin", "deprission", "ddepression"):
        assert "depression" in one_edit_away(slip)
    assert "depression" not in one_edit_away("deprson")


@pytest.mark.parametrize(
    "text",
    [
        *("help", "HELP me", "psychological  assistance", "I want to die", "suicidal", "hotline"),
        *("心理援助", "心理 援助", "我不想活了", "想死", "自殺", "热线", "12356", "kill myself"),
    ],
)
def test_a_call_for_help_is_heard(text: str) -> None:
    assert asks_for_help(text)


@pytest.mark.parametrize("text", ["sleep", "helping children", "失眠", "panic attack", "", "diet"])
def test_other_words_are_no_call_for_help(text: str) -> None:
    assert not asks_for_help(text)


def test_first_steps_are_general_and_short_and_in_the_readers_language() -> None:
    def first(name: str, language: str, scope: str, minutes: int) -> First:
        return First(name, language, scope, timedelta(minutes=minutes))

    known = [
        first("dosing", "en", "medication", 10),
        first("long", "en", "education", 60),
        first("short", "en", "education", 15),
        first("chinese", "zh-Hans", "education", 5),
        first("diagnosis", "en", "diagnosis", 5),
    ]
    assert first_steps(known, language="en", most=3) == ("short", "long", "diagnosis")
    assert first_steps(known, language="zh-Hans", most=4) == ("chinese",)
    assert first_steps(known[:3], language="zh-Hans", most=1) == ("short",)
