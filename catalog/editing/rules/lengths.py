"""How long an introduction is: words in English, characters in Chinese. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from core.words import CHINESE, ENGLISH

CHARACTERS: Final = re.compile(r"[\u4e00-\u9fff]")
WANTED: Final = {ENGLISH: (120, 180), CHINESE: (200, 340)}
"""What is agreed per language; another length is a hint, never a refusal."""


@dataclass(frozen=True, slots=True)
class Length:
    """The length of an introduction, and the least and most that are wanted."""

    count: int
    least: int
    most: int

    @property
    def fits(self) -> bool:
        """Whether it is as long as agreed."""
        return self.least <= self.count <= self.most


def length_of(introduction: str, language: str) -> Length:
    """Count what is counted in ``language``."""
    units = CHARACTERS.findall(introduction) if language == CHINESE else introduction.split()
    return Length(len(units), *WANTED[language])
