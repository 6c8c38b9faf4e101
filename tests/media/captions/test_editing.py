"""Lines are replaced as they were seen: two people correct one text side by side."""

import pytest

from core.errors import InvalidInput
from media.captions.editing import near, replaced
from media.captions.errors import LineChanged
from media.captions.lines import captions_of
from media.captions.ports import Word
from media.webvtt import Cue

pytestmark = pytest.mark.unit

A, B, C = Cue(0, 1000, "one"), Cue(1000, 2000, "two"), Cue(2000, 3000, "three")


def change(was: list[Cue], by: list[Cue], cues: tuple[Cue, ...] = (A, B, C)) -> list[Cue]:
    return replaced(list(cues), was=was, by=by, length_ms=3000)


def test_one_act_corrects_splits_joins_removes_adds_and_undoes() -> None:
    better = B._replace(text="zwei")
    halves = [Cue(1000, 1500, "t"), Cue(1500, 2000, "wo")]
    both = Cue(0, 2000, "one two")
    assert change([B], [better]) == [A, better, C]
    assert change([B], halves) == [A, *halves, C]
    assert change([A, B], [both]) == [both, C]
    assert change([C], []) == [A, B]
    assert change([], [Cue(500, 900, "new")]) == [A, Cue(500, 900, "new"), B, C]
    assert change([both], [A, B], (both, C)) == [A, B, C]


def test_changes_of_different_lines_meet_and_of_the_same_line_are_refused() -> None:
    first = change([A], [A._replace(text="eins")])
    both = replaced(first, was=[C], by=[C._replace(text="drei")], length_ms=3000)
    assert [cue.text for cue in both] == ["eins", "two", "drei"]
    with pytest.raises(LineChanged):
        replaced(first, was=[A], by=[A._replace(text="uno")], length_ms=3000)
    assert near(first, [A]) == [A._replace(text="eins")]


def test_the_same_request_may_come_twice() -> None:
    for was, by in (([B], [B._replace(text="zwei")]), ([], [Cue(500, 900, "new")])):
        once = change(was, by)
        assert change(was, by, tuple(once)) == once


@pytest.mark.parametrize(
    "cue",
    [
        Cue(0, 50, "x"),
        Cue(3000, 4000, "x"),
        Cue(-1, 500, "x"),
        Cue(0, 900, " \n "),
        Cue(0, 900, "x" * 501),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(cue: Cue) -> None:
    with pytest.raises(InvalidInput):
        change([A], [cue])


def test_words_become_lines_at_sentences_breaths_and_what_fits() -> None:
    texts = (" Good evening.", " We speak", " of sleep,", " and", " of nights.")
    words = [Word(n * 600, n * 600 + 500, text) for n, text in enumerate(texts)]
    words.append(Word(9000, 9300, " Then"))
    assert captions_of(words, language="en") == [
        Cue(0, 600, "Good evening."),
        Cue(600, 2900, "We speak of sleep, and of nights."),
        Cue(9000, 10_000, "Then"),
    ]
    long = [Word(n * 100, n * 100 + 100, " somewhat") for n in range(60)]
    assert all(
        len(row) <= 42 and cue.text.count("\n") <= 1
        for cue in captions_of(long, language="en")
        for row in cue.text.split("\n")
    )
