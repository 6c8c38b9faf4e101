"""What slides look like, and when their rows appear."""

# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

import pytest
from PIL import Image, ImageChops

from media.talks import palette
from media.talks.builds import Build, builds_of
from media.talks.drawing import Drawing
from media.talks.lettering import SANS, SERIF, Letters, font
from media.talks.scripts import Slide
from media.talks.slides import (
    BAND,
    HEIGHT,
    WIDTH,
    Look,
    paper_slides,
    progress_strip,
    stage_slide,
)
from media.talks.soundtrack import Shown

pytestmark = pytest.mark.unit

SLIDE = Slide("When the wave comes", ("One row", "Another row", "The last row"), "anxiety", "x")
CHINESE = Slide("醒了，先别看钟", ("把钟转过去", "灯光调暗"), "sleep", "x")
LINES = Drawing(((0j, 320 + 180j),), (160 + 90j, 7.0))


def look(language: str = "en", along: float = 0.5) -> Look:
    return Look(language, "2 · The wave", "Dr. Lin Wei (Example)", palette.HUES["anxiety"],
                LINES, along)  # fmt: skip


def colour(text: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(text.removeprefix("#")))


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(one, other).getbbox()


def test_rows_appear_with_the_sentences_that_name_them() -> None:
    shown = Shown(SLIDE, 0, 1_000, 11_000, (1_400, 4_430, 7_000, 9_000), 0.5, 1.0)
    assert builds_of(shown) == [
        Build(1, 1_000, 4_400, 0.5, 0.67),
        Build(2, 4_400, 7_000, 0.67, 0.8),
        Build(3, 7_000, 11_000, 0.8, 1.0),
    ]


def test_rows_follow_each_other_when_there_are_fewer_sentences() -> None:
    shown = Shown(SLIDE, 0, 0, 4_000, (400, 2_000))
    assert [(build.rows, build.start_ms) for build in builds_of(shown)] == [
        (1, 0),
        (2, 400),
        (3, 2_000),
    ]


def test_a_slide_without_speech_shows_all_rows() -> None:
    assert [build.rows for build in builds_of(Shown(SLIDE, 0, 0, 4_000))] == [3]


def test_only_the_new_row_changes_when_it_appears() -> None:
    first, second, last = paper_slides(SLIDE, look(), [1, 2, 3])
    assert first.size == (WIDTH, HEIGHT)
    box = changed(first, second)
    assert box is not None
    after = changed(second, last)
    assert after is not None
    assert box[3] <= after[1] + 1
    assert box[0] >= 72
    assert box[2] <= 777


def test_a_slide_is_on_paper_and_the_title_on_the_stage() -> None:
    (paper,) = paper_slides(SLIDE, look(), [3])
    stage = stage_slide("Panic, step by step", SLIDE, look())
    assert paper.getpixel((5, 5)) == colour(palette.PAPER)
    assert stage.getpixel((5, 600)) == colour(palette.STAGE)
    assert paper.getpixel((1000, 80)) == colour(palette.HUES["anxiety"].tint)


def test_the_drawing_moves_on_with_the_talk() -> None:
    (begin,) = paper_slides(SLIDE, look(along=0.0), [3])
    (end,) = paper_slides(SLIDE, look(along=1.0), [3])
    box = changed(begin, end)
    assert box is not None
    assert box[0] >= 830


def test_the_line_of_progress_ends_in_the_dot() -> None:
    for on_stage, ground in ((False, palette.PAPER), (True, palette.STAGE)):
        strip = progress_strip(palette.HUES["anxiety"], on_stage=on_stage)
        assert strip.size == (WIDTH + BAND, BAND)
        assert strip.getpixel((WIDTH, BAND // 2)) == colour(palette.LAMP)
        assert strip.getpixel((WIDTH // 2, 1)) == colour(ground)


def test_every_chinese_character_of_a_slide_has_its_own_picture() -> None:
    for face in (SERIF, SANS):
        letters = font(face, 40)
        pictures = {bytes(letters.getmask(one)) for one in CHINESE.heading + "惊恐双相"}
        assert len(pictures) == len(set(CHINESE.heading + "惊恐双相"))


def test_an_english_apostrophe_is_narrow_and_a_chinese_quotation_mark_wide() -> None:
    mark = "\N{RIGHT SINGLE QUOTATION MARK}"
    assert Letters(SERIF, 40, 40, "en").width(mark) < 20
    assert Letters(SERIF, 40, 40, "zh-Hans").width(mark) == 40


def test_long_headings_and_rows_stay_above_the_foot() -> None:
    slide = Slide("字" * 42, tuple("很长的一行，" * 7 for _ in range(4)), "sleep", "x")
    (full,) = paper_slides(slide, look("zh-Hans"), [4])
    (empty,) = paper_slides(slide, look("zh-Hans"), [0])
    box = changed(full, empty)
    assert box is not None
    assert box[3] <= 606
