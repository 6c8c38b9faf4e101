"""The slides of a talk: 1280 by 720, on paper, the first one on the dark stage."""

from __future__ import annotations  # Pillow may be missing when this is read

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.words import ENGLISH
from media.talks import palette, pillow
from media.talks.lettering import SANS, SERIF, Letters
from media.talks.panels import draw_panel, draw_stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from media.talks.drawing import Drawing
    from media.talks.palette import Hue
    from media.talks.scripts import Slide

WIDTH, HEIGHT = 1280, 720
LEFT, TEXT_WIDTH = 72, 704
LABEL_Y, RULE_Y, HEADING_Y = 70, 104, 132
ROW_PAD = 15
FOOT_Y = 646  # under captions and controls there is nothing that is needed
LOWEST = 604
BAND: Final = 20
"""The height of the band at the bottom in which the line of progress draws itself."""
LINE_WIDTH, DOT = 4, 7
EXAMPLE: Final = {ENGLISH: "Example"}
EXAMPLE_CHINESE: Final = "示例"


@dataclass(frozen=True, slots=True)
class Look:
    """What a slide is drawn with besides its own words; ``along`` the talk goes from 0 to 1."""

    language: str
    label: str
    host: str
    hue: Hue
    drawing: Drawing | None
    along: float = 0.0


def paper_slides(slide: Slide, look: Look, rows: Sequence[int]) -> Iterator[Image]:
    """Draw a slide with so many of its rows at a time.

    Heading and rows stand at the left, a part of the topic's drawing at the right.
    """
    picture = pillow.Image.new("RGB", (WIDTH, HEIGHT), palette.PAPER)
    draw_panel(picture, look.drawing, look.hue, look.along)
    draw = pillow.ImageDraw.Draw(picture)
    _letters(SANS, 23, look).write(draw, (LEFT, LABEL_Y), look.label, look.hue.words)
    draw.rectangle((LEFT, RULE_Y, LEFT + TEXT_WIDTH, RULE_Y + 1), palette.INK)
    top = _write_heading(draw, slide.heading, look)
    _write_foot(draw, look, palette.INK_3, palette.LINE)
    draw_band(draw, palette.PAPER, palette.LINE)
    for count in rows:
        copy = picture.copy()
        _write_rows(pillow.ImageDraw.Draw(copy), slide, look, top, count)
        yield copy


def stage_slide(title: str, slide: Slide, look: Look) -> Image:
    """Draw the slide that opens a talk: its title on the dark stage, under the whole drawing."""
    picture = pillow.Image.new("RGB", (WIDTH, HEIGHT), palette.STAGE)
    draw_stage(picture, look.drawing, look.hue)
    draw = pillow.ImageDraw.Draw(picture)
    _letters(SANS, 25, look).write(draw, (LEFT, 118), slide.heading, look.hue.glow)
    big = _letters(SERIF, 72, look, leading=94)
    y = 202
    for line in big.balanced(title, WIDTH - 3 * LEFT):
        big.write(draw, (LEFT, y), line, palette.STAGE_INK)
        y += big.leading
    small = _letters(SANS, 29, look, leading=46)
    y += 6
    for text in slide.lines:
        for line in small.wrapped(text, WIDTH - 4 * LEFT):
            small.write(draw, (LEFT, y), line, palette.STAGE_INK_2)
            y += small.leading
    _write_foot(draw, look, palette.STAGE_INK_2, palette.STAGE_LINE)
    draw_band(draw, palette.STAGE, palette.STAGE_LINE)
    return picture


def progress_strip(hue: Hue, *, on_stage: bool) -> Image:
    """Draw the line that slides into the band: as wide as a slide, with the one dot at its end."""
    ground, line = palette.PAPER, hue.words
    if on_stage:
        ground, line = palette.STAGE, hue.glow
    scale = 4  # drawn large and made small: a smooth dot
    size = (WIDTH + BAND, BAND)
    picture = pillow.Image.new("RGB", (size[0] * scale, size[1] * scale), ground)
    draw = pillow.ImageDraw.Draw(picture)
    middle = BAND * scale // 2
    half = LINE_WIDTH * scale // 2
    draw.rectangle((0, middle - half, WIDTH * scale, middle + half - 1), line)
    ring = palette.STAGE if on_stage else palette.INK
    for radius, colour in ((DOT + 1.5, ring), (DOT, palette.LAMP)):
        draw.circle((WIDTH * scale, middle), radius * scale, colour)
    return picture.resize(size, pillow.Image.Resampling.LANCZOS)


def draw_band(draw: ImageDraw, ground: str, colour: str) -> None:
    """Draw the band with the hairline that the line of progress grows along."""
    top = HEIGHT - BAND
    draw.rectangle((0, top, WIDTH, HEIGHT), ground)
    draw.rectangle((0, top + BAND // 2 - 1, WIDTH, top + BAND // 2), colour)


def _write_heading(draw: ImageDraw, heading: str, look: Look) -> int:
    """Write the heading on at most two lines; return where it ends."""
    letters = _letters(SERIF, 54, look, leading=70)
    while len(letters.wrapped(heading, TEXT_WIDTH)) > 2:  # noqa: PLR2004
        letters = letters.smaller()
    y = HEADING_Y + letters.leading // 2
    for line in letters.balanced(heading, TEXT_WIDTH):
        letters.write(draw, (LEFT, y), line, palette.INK)
        y += letters.leading
    return y - letters.leading // 2 + 14


def _write_rows(draw: ImageDraw, slide: Slide, look: Look, top: int, count: int) -> None:
    """Write the first lines as rows with hairlines between them, as in a printed programme."""
    letters = _letters(SANS, 31, look, leading=43)
    while _rows_height(letters, slide) > LOWEST - top:
        letters = letters.smaller()
    y = top
    for number, text in enumerate(slide.lines[:count]):
        if number:
            draw.rectangle((LEFT, y, LEFT + TEXT_WIDTH, y), palette.LINE)
        y += ROW_PAD
        for line in letters.wrapped(text, TEXT_WIDTH):
            letters.write(draw, (LEFT, y + letters.leading / 2), line, palette.INK_2)
            y += letters.leading
        y += ROW_PAD


def _rows_height(letters: Letters, slide: Slide) -> int:
    lines = sum(len(letters.wrapped(text, TEXT_WIDTH)) for text in slide.lines)
    return lines * letters.leading + 2 * ROW_PAD * len(slide.lines)


def _write_foot(draw: ImageDraw, look: Look, colour: str, line: str) -> None:
    """Write that this is an example, and who speaks."""
    letters = _letters(SANS, 22, look)
    label = EXAMPLE.get(look.language, EXAMPLE_CHINESE)
    width = round(letters.width(label)) + 24
    draw.rounded_rectangle((LEFT, FOOT_Y - 18, LEFT + width, FOOT_Y + 18), 4, None, line, 2)
    letters.write(draw, (LEFT + 12, FOOT_Y), label, colour)
    letters.write(draw, (LEFT + width + 18, FOOT_Y), look.host, colour)


def _letters(face: str, size: int, look: Look, *, leading: int = 0) -> Letters:
    return Letters(face, size, leading or size, look.language)
