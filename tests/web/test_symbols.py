"""Marks, drawings and colours of topics: drawn alike, told apart, readable in both themes."""

import math
import re
from itertools import pairwise

import pytest

from web import symbols
from web.assets import FRONTEND

pytestmark = pytest.mark.unit

TOPICS = (
    *("adhd", "anxiety", "bipolar", "depression", "eating", "grief", "loneliness", "memory"),
    *("ocd", "perinatal", "psychosis", "sleep", "substances", "trauma", "work", "young"),
)
TOKENS = (FRONTEND / "styles" / "tokens.css").read_text("utf-8")
LIGHT = TOKENS[: TOKENS.index("@media screen and (prefers-color-scheme: dark)")]
DEVICE_DARK, CHOSEN_DARK = (
    re.search(pattern, TOKENS, re.DOTALL)
    for pattern in (
        r':root:not\(\[data-theme="light"\]\) \{(.*?)\}',
        r':root\[data-theme="dark"\] \{(.*?)\}',
    )
)
SMALLEST_CONTRAST = 6.6
SMALLEST_HUE_STEP = 20.0
KINDS = ("", "-mid", "-tint", "-glow")
each_topic = pytest.mark.parametrize("topic", TOPICS)


def _colour(sheet: str, name: str) -> str:
    found = re.search(rf"--c-{name}: (#[0-9a-f]{{6}});", sheet)
    assert found, name
    return found[1]


def _dark() -> str:
    assert CHOSEN_DARK
    return CHOSEN_DARK[1]


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _oklch(colour: str) -> tuple[float, float, float]:
    """Return lightness, chroma and hue in degrees."""
    r, g, b = _linear(colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    light = 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short
    one = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short
    two = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short
    return light, math.hypot(one, two), math.degrees(math.atan2(two, one)) % 360


def test_the_two_dark_blocks_are_the_same() -> None:
    assert DEVICE_DARK
    lines = [line.strip() for line in DEVICE_DARK[1].strip().splitlines()]
    assert lines == [line.strip() for line in _dark().strip().splitlines()]


@each_topic
def test_a_topic_has_a_mark_and_a_drawing_with_one_dot(topic: str) -> None:
    mark, art = (symbols.all_symbols()[f"{kind}-{topic}"] for kind in ("m", "art"))
    assert ('viewBox="0 0 64 64"' in mark, 'viewBox="0 0 320 180"' in art) == (True, True)
    dots = [re.findall(r'class="dot"[^>]* r="([\d.]+)"', drawing) for drawing in (mark, art)]
    assert dots == [["4.2"], ["7"]]
    assert re.findall(r"\b(?:fill|stroke|style)[-a-z]*=", mark + art) == []


def test_no_other_topic_has_a_mark() -> None:
    for kind in ("m", "art"):
        names = [name for name in symbols.all_symbols() if name.startswith(f"{kind}-")]
        assert sorted(names) == [f"{kind}-{topic}" for topic in TOPICS]


@each_topic
def test_the_text_of_a_topic_is_readable_on_its_tint(topic: str) -> None:
    for sheet in (LIGHT, _dark()):
        contrast = _contrast(_colour(sheet, topic), _colour(sheet, f"{topic}-tint"))
        assert contrast >= SMALLEST_CONTRAST


@each_topic
def test_a_topic_sets_its_four_local_colours(topic: str) -> None:
    rule = " ".join(f"--topic{kind}: var(--c-{topic}{kind});" for kind in KINDS)
    assert f'[data-topic="{topic}"] {{ {rule} }}' in TOKENS
    assert all(_colour(LIGHT, topic + kind) for kind in KINDS)


@pytest.mark.parametrize(
    ("sheet", "kind", "lightness", "chroma"),
    [
        ("light", "", 0.415, 0.078),
        ("light", "-mid", 0.640, 0.078),
        ("light", "-tint", 0.922, 0.018),
        ("light", "-glow", 0.700, 0.075),
        ("dark", "", 0.855, 0.066),
        ("dark", "-mid", 0.580, 0.070),
        ("dark", "-tint", 0.292, 0.034),
    ],
)
def test_topics_share_lightness_and_chroma(
    sheet: str, kind: str, lightness: float, chroma: float
) -> None:
    for topic in TOPICS:
        found = _oklch(_colour(LIGHT if sheet == "light" else _dark(), topic + kind))
        assert found[:2] == pytest.approx((lightness, chroma), abs=0.008), topic


@pytest.mark.parametrize("kind", ["", "-mid", "-glow"])
def test_topics_lie_20_degrees_of_hue_apart(kind: str) -> None:
    sheets = [LIGHT] if kind == "-glow" else [LIGHT, _dark()]
    for sheet in sheets:
        hues = sorted(_oklch(_colour(sheet, topic + kind))[2] for topic in TOPICS)
        steps = [after - before for before, after in pairwise([*hues, hues[0] + 360])]
        assert min(steps) >= SMALLEST_HUE_STEP
