"""What stands where on the sheet. Pure, but for the widths of letters; all lengths are pixels.

The sheet is A4 at 150 pixels per inch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from media.talks.lettering import SANS, SERIF, Letters
from streams.posters.codes import code_of

WIDTH: Final = 1240
HEIGHT: Final = 1754
MARGIN: Final = 110
INNER: Final = WIDTH - 2 * MARGIN
CODE: Final = 470  # about 8 cm on paper: read from an arm's length and from across a corridor
GAP: Final = 60  # around a code: ISO/IEC 18004 asks for four empty modules
CODE_TOP: Final = HEIGHT - MARGIN - 285 - CODE
SMALLEST_TITLE: Final = 40
INK: Final = "#10201f"
SOFT: Final = "#3d4c4a"
PAPER: Final = "#ffffff"
PINE: Final = "#0f4f4a"


@dataclass(frozen=True, slots=True)
class Poster:
    """The words of one sheet, in one language; an empty one leaves no gap."""

    language: str
    eyebrow: str
    title: str
    host: str
    post: str
    moment: str
    zone: str
    invitation: str
    promise: str
    address: str
    education: str
    crisis: str


@dataclass(frozen=True, slots=True)
class Text:
    """One line of letters; ``y`` is the middle of its height."""

    x: int
    y: int
    words: str
    letters: Letters
    colour: str


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


def strokes_of(poster: Poster) -> Iterator[Text | Box]:
    """Lay the poster out from above: what it is, when, and the code that leads there."""
    yield Box(0, 0, WIDTH, 26, PINE)
    yield Text(MARGIN, 120, "Mindcast", _letters(poster, SERIF, 50), PINE)
    yield from _column(poster)
    yield from _code(poster)
    yield from _foot(poster)


def _column(poster: Poster) -> Sequence[Text]:
    """Return what stands above the code, with a title as large as there is room for."""
    title = _letters(poster, SERIF, 92)
    while True:
        lines, y = list[Text](), 250
        for words, letters, colour, gap in _parts(poster, title):
            for line in letters.balanced(words, INNER) if words else ():
                lines.append(Text(MARGIN, y, line, letters, colour))
                y += letters.leading
            y += gap if words else 0
        if y <= CODE_TOP - GAP or title.size < SMALLEST_TITLE:
            return lines
        title = title.smaller()


def _parts(poster: Poster, title: Letters) -> Sequence[tuple[str, Letters, str, int]]:
    return (
        (poster.eyebrow, _letters(poster, SANS, 34), SOFT, 44),
        (poster.title, title, INK, 28),
        (poster.host, _letters(poster, SANS, 42), INK, 0),
        (poster.post, _letters(poster, SANS, 32), SOFT, 40),
        (poster.moment, _letters(poster, SERIF, 56), PINE, 0),
        (poster.zone, _letters(poster, SANS, 32), SOFT, 0),
    )


def _code(poster: Poster) -> Iterator[Text | Box]:
    rows = code_of(poster.address)
    side = CODE / len(rows)
    for row, modules in enumerate(rows):
        for start, end in _runs(modules):
            place = (MARGIN + start * side, CODE_TOP + row * side)
            yield Box(*place, (end - start) * side, side, INK)
    x, room = MARGIN + CODE + GAP, INNER - CODE - GAP
    letters, y = _letters(poster, SERIF, 48), CODE_TOP + 60
    for line in letters.wrapped(poster.invitation, room):
        yield Text(x, y, line, letters, INK)
        y += letters.leading
    small = _letters(poster, SANS, 32)
    y += 20
    for line in small.wrapped(poster.promise, room):
        yield Text(x, y, line, small, SOFT)
        y += small.leading


def _foot(poster: Poster) -> Iterator[Text | Box]:
    address = _letters(poster, SANS, 30)
    while address.width(poster.address) > INNER:
        address = address.smaller()
    y = HEIGHT - MARGIN - 200
    yield Text(MARGIN, y, poster.address, address, INK)
    y += 55
    yield Box(MARGIN, y, INNER, 2, SOFT)
    y += 45
    small = _letters(poster, SANS, 27)
    for words in (poster.education, poster.crisis):
        for line in small.wrapped(words, INNER):
            yield Text(MARGIN, y, line, small, SOFT)
            y += small.leading


def _letters(poster: Poster, face: str, size: int) -> Letters:
    return Letters(face, size, size * 4 // 3, poster.language)


def _runs(modules: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of what is dark without a gap: a seam between two boxes would show."""
    start: int | None = None
    for at, dark in enumerate((*modules, False)):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at
            start = None
