"""Sentences, captions and the time line, with a voice whose times are known."""

# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from media.talks.scripts import Script, read_script
from media.talks.sentences import lines_of, pieces_of, sentences_of, width_of_line
from media.talks.soundtrack import SECOND, STEP_MS, Soundtrack, speak_script
from media.talks.voices import Speech, spoken_form
from media.webvtt import webvtt

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).parents[2] / "catalog" / "content" / "talks"
RATE = 1_000
PER_CHARACTER = 70  # samples


@dataclass
class EvenVoice:
    """Says every character in the same time."""

    said: list[str] = field(default_factory=list)

    def speak(self, text: str) -> Speech:
        self.said.append(text)
        words = tuple((index, index * PER_CHARACTER) for index in range(len(text)))
        return Speech(b"\1\1" * (PER_CHARACTER * len(text)), RATE, words)


@pytest.fixture(params=sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def spoken(request: pytest.FixtureRequest) -> tuple[Script, Soundtrack, EvenVoice]:
    script = read_script(request.param)
    voice = EvenVoice()
    return script, speak_script(script, voice), voice


def test_sentences_keep_their_ends_and_quotation_marks() -> None:
    assert sentences_of("One. “Two?” Three at 3.5, then. Four") == [
        "One.",
        "“Two?”",
        "Three at 3.5, then.",
        "Four",
    ]
    assert sentences_of("一句。“两句？”三句！") == ["一句。", "“两句？”", "三句！"]


def test_a_short_sentence_is_one_caption() -> None:
    assert pieces_of("It will pass.", "en") == [(0, "It will pass.")]
    assert lines_of("It will pass.", "en") == ["It will pass."]


def test_a_long_sentence_is_cut_between_clauses() -> None:
    text = (
        "When fear rises, slow the breath, and look at the clock; it will pass, and every time "
        "it passes your brain learns a little more."
    )
    pieces = pieces_of(text, "en")
    assert [piece for _, piece in pieces] == [text[:57].strip(), text[57:]]
    assert [text[index:].startswith(piece) for index, piece in pieces] == [True, True]


def test_lines_are_broken_where_a_reader_would_pause() -> None:
    assert lines_of("The other is the body clock, which follows light.", "en") == [
        "The other is the body clock,",
        "which follows light.",
    ]
    assert lines_of("先起床，做一件安静的事，比如听一段轻音乐，", "zh-Hans") == [
        "先起床，做一件安静的事，",
        "比如听一段轻音乐，",
    ]
    assert lines_of("这是一件很多妈妈会遇到的很平常的事情呀", "zh-Hans") == [
        "这是一件很多妈妈",
        "会遇到的很平常的事情呀",
    ]


def test_no_line_begins_with_a_comma_or_ends_with_an_open_quotation() -> None:
    text = "有人对我说，“先不要看钟”，我照着做了，睡得好多了。"
    for width in range(4, 18):
        lines = lines_of(text, "zh-Hans", width)
        assert "".join(lines) == text
        assert not [line for line in lines if line[0] in "，。”" or line[-1] == "“"]


def test_telephone_numbers_are_said_digit_by_digit() -> None:
    assert spoken_form("call 988 now, at 10", "en") == (
        "call 9 8 8 now, at 10",
        [0, 1, 2, 3, 4, 5, 5, 5, 5, 5, *range(8, 19)],
    )
    assert spoken_form("拨打12356。", "zh-Hans")[0] == "拨打幺二三五六。"


def test_captions_follow_the_samples_of_each_sentence(
    spoken: tuple[Script, Soundtrack, EvenVoice],
) -> None:
    script, track, voice = spoken
    sentences = [one for slide in script.slides() for one in sentences_of(slide.say)]
    assert voice.said[1:] == sentences
    loud = [index for index in range(0, len(track.pcm), 2) if track.pcm[index]]
    starts = [
        place // 2
        for place, before in zip(loud, [-4, *loud[:-1]], strict=True)
        if place - before > 2
    ]
    cues = {cue.start_ms: cue for cue in track.cues}
    assert len(starts) == len(sentences)
    for start, sentence in zip(starts, sentences, strict=True):
        cue = cues[round(start * SECOND / RATE)]
        assert sentence.startswith(cue.text.split("\n")[0])


def test_captions_fit_and_follow_each_other_without_gaps(
    spoken: tuple[Script, Soundtrack, EvenVoice],
) -> None:
    script, track, _ = spoken
    assert webvtt(track.cues)
    for cue, after in zip(track.cues, track.cues[1:], strict=False):
        assert cue.end_ms == after.start_ms
    for cue in track.cues:
        lines = cue.text.split("\n")
        assert len(lines) <= 2
        assert all(len(line) <= width_of_line(script.language) for line in lines)
    assert track.cues[-1].end_ms <= track.now_ms


def test_slides_and_chapters_fill_the_talk(spoken: tuple[Script, Soundtrack, EvenVoice]) -> None:
    script, track, _ = spoken
    assert track.now_ms % SECOND == 0
    assert [shown.slide for shown in track.shown] == list(script.slides())
    edges = [shown.start_ms for shown in track.shown] + [track.now_ms]
    assert edges[0] == 0
    assert all(edge % STEP_MS == 0 for edge in edges)
    assert [shown.end_ms for shown in track.shown] == edges[1:]
    assert [title for _, _, title in track.chapters] == [part.title for part in script.chapters]
    begins = [start for start, _, _ in track.chapters]
    assert [end for _, end, _ in track.chapters] == [*begins[1:], track.now_ms]
    assert set(begins) <= set(edges)


def test_the_line_of_progress_goes_through_each_chapter_once(
    spoken: tuple[Script, Soundtrack, EvenVoice],
) -> None:
    track = spoken[1]
    for one, after in zip(track.shown, track.shown[1:], strict=False):
        expected = 0.0 if after.chapter != one.chapter else one.done_after
        assert after.done_before == pytest.approx(expected)
        if after.chapter != one.chapter:
            assert one.done_after == pytest.approx(1.0)
