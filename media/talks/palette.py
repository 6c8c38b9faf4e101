"""The colours of slides: the light paper, the dark stage, and one hue per topic.

They are the tokens of the site's styles (``web/frontend/styles/tokens.css``); a test compares them.
"""

from dataclasses import dataclass
from typing import Final

PAPER: Final = "#f5f4ef"
INK, INK_2, INK_3 = "#0f2523", "#3b4d4b", "#566663"
LINE: Final = "#d9dad1"
STAGE: Final = "#0b1d1c"
STAGE_INK, STAGE_INK_2, STAGE_LINE = "#f2f0e7", "#b4c2b6", "#364d4b"
LAMP, ON_LAMP = "#f9be4f", "#2b1d0d"


@dataclass(frozen=True, slots=True)
class Hue:
    """The colours of a topic: words, poster lines, fill, and lines on the stage."""

    words: str
    mid: str
    tint: str
    glow: str


HUES: Final = {
    "anxiety": Hue("#00556a", "#5297ae", "#d9e8ee", "#67a9c0"),
    "sleep": Hue("#424776", "#8188bb", "#e2e4f2", "#939acd"),
    "depression": Hue("#284e74", "#6790ba", "#dde6f1", "#7ba2cc"),
    "bipolar": Hue("#613c64", "#a47ca7", "#ece1ed", "#b68fb9"),
    "adhd": Hue("#674315", "#ab8356", "#eee3d8", "#bd966b"),
    "trauma": Hue("#6e3d23", "#b47e62", "#f0e2db", "#c69176"),
    "ocd": Hue("#085947", "#569c87", "#dbe9e4", "#6bae99"),
    "psychosis": Hue("#015758", "#4b9b9c", "#d8e9e9", "#62adae"),
    "eating": Hue("#3c5424", "#7b9663", "#e1e9db", "#8ea877"),
    "substances": Hue("#4e4f15", "#8f9158", "#e6e7d9", "#a1a36c"),
    "work": Hue("#703a35", "#b77a73", "#f1e1df", "#c98d86"),
    "perinatal": Hue("#6f3846", "#b47986", "#f1e0e3", "#c78b98"),
    "young": Hue("#5c490f", "#9f8a53", "#eae5d8", "#b09c68"),
    "memory": Hue("#265735", "#679a74", "#dee8e0", "#7bac87"),
    "grief": Hue("#53416f", "#9481b4", "#e7e3ef", "#a694c6"),
    "loneliness": Hue("#6a3956", "#ae7997", "#efe0e8", "#c08ca9"),
}
_OTHERS: Final = HUES["psychosis"]


def hue_of(topic: str) -> Hue:
    """Return the colours of a topic; one without its own has those of a quiet neighbour."""
    return HUES.get(topic, _OTHERS)
