"""Fonts, and lines of text on a picture."""

from __future__ import annotations  # Pillow may be missing when this is read

from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.words import CHINESE
from media.talks import pillow
from media.talks.errors import TalkImpossible
from media.talks.sentences import atoms_of

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FONT_PACKAGE: Final = "pylopdf-fonts-zh-cn"
SERIF: Final = "NotoSerifSC-Regular.otf"
SANS: Final = "NotoSansSC-Regular.otf"
"""One family for both languages: each has Latin and Simplified Chinese (licence: SIL OFL 1.1)."""


@dataclass(frozen=True, slots=True)
class Letters:
    """A face in a size and a language; ``leading`` is from line to line, in pixels."""

    face: str
    size: int
    leading: int
    language: str

    def smaller(self) -> Letters:
        """Return the same face an eighth smaller."""
        return replace(self, size=self.size * 7 // 8, leading=self.leading * 7 // 8)

    @property
    def features(self) -> list[str]:
        """OpenType features: quotation marks of a Chinese font are wide, which English is not."""
        return [] if self.language == CHINESE else ["pwid"]

    def width(self, text: str) -> float:
        """Return how wide ``text`` is, in pixels."""
        return font(self.face, self.size).getlength(text, features=self.features)

    def wrapped(self, text: str, width: int) -> list[str]:
        """Break ``text`` into lines of at most ``width`` pixels."""
        lines = [""]
        for atom in atoms_of(text, self.language):
            if lines[-1] and self.width((lines[-1] + atom).rstrip()) > width:
                lines.append("")
            lines[-1] += atom
        return [line.strip() for line in lines]

    def balanced(self, text: str, width: int) -> list[str]:
        """Break ``text`` into as many lines as it needs, and make them about as long as another."""
        lines = self.wrapped(text, width)
        for narrower in range(width, width // 2, -16):
            tighter = self.wrapped(text, narrower)
            if len(tighter) > len(lines):
                break
            lines = tighter
        return lines

    def write(self, draw: ImageDraw, place: tuple[float, float], text: str, colour: str) -> None:
        """Write one line with the middle of its height at ``place``."""
        letters = font(self.face, self.size)
        draw.text(place, text, fill=colour, font=letters, anchor="lm", features=self.features)


@cache
def font(face: str, size: int) -> FreeTypeFont:
    """Return a font.

    Raises:
        TalkImpossible: The package of the fonts is not installed.
    """
    spec = find_spec("pylopdf_fonts_zh_cn")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise TalkImpossible(FONT_PACKAGE)
    return pillow.ImageFont.truetype(str(Path(next(iter(places))) / face), size)
