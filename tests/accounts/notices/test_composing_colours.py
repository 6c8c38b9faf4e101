"""Colours of mails: those of the site, with enough contrast."""

import re

import pytest

from accounts.notices.composing.colours import DARK, LIGHT, PAIRS, Colours
from web import assets


def _tokens(theme: str) -> dict[str, str]:
    styles = (assets.FRONTEND / "styles" / "tokens.css").read_text("utf-8")
    block = styles.split(':root[data-theme="dark"]' if theme == "dark" else ":root {", 1)[1]
    return dict(re.findall(r"--c-([a-z0-9-]+): (#[0-9a-f]{6})", block.split("}", 1)[0]))


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_colours_are_those_of_the_site(theme: str, colours: tuple[str, ...]) -> None:
    tokens = _tokens(theme)
    named = {
        name.replace("_", "-"): colour for name, colour in zip(LIGHT._fields, colours, strict=True)
    }
    assert named == {name: tokens[name] for name in named}


def _light_of(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast_is_enough_to_read(colours: Colours, text: str, ground: str) -> None:
    one, other = sorted(_light_of(getattr(colours, name)) for name in (text, ground))
    assert (other + 0.05) / (one + 0.05) >= 4.5  # WCAG 2.2, 1.4.3
