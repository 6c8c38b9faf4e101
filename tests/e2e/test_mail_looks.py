"""Every mail in a real browser, as mail programs show it: in both themes, and at 320 pixels."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from accounts.notices.kinds import KINDS
from core.words import LANGUAGES
from tests.fakes.letters import composed, html_of
from web import assets

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_any_mail(browser: Browser, language: str, theme: str) -> None:
    with _window(browser, width=640, theme=theme) as page:
        for kind in KINDS:
            page.set_content(html_of(composed(kind, language)))
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
            told = [
                (fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found
            ]
            assert (kind, told) == (kind, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mail_scrolls_sideways_at_320_pixels_or_loads_anything(
    browser: Browser, language: str
) -> None:
    asked: list[str] = []
    with _window(browser, width=320) as page:
        page.on("request", lambda request: asked.append(request.url))
        for kind in KINDS:
            page.set_content(html_of(composed(kind, language)))
            assert (kind, page.evaluate("document.documentElement.scrollWidth")) == (kind, 320)
    assert asked == []


@contextmanager
def _window(browser: Browser, *, width: int, theme: str = "light") -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dark_takes_every_colour_with_it(browser: Browser, theme: str) -> None:
    with _window(browser, width=640, theme=theme) as page:
        page.set_content(html_of(composed("changed")))
        shown = page.evaluate(
            """() => ['body', 'main', 'h1', '.facts', '.button', 'footer'].map(where => {
                const style = getComputedStyle(document.querySelector(where));
                return [style.color, style.backgroundColor];
            })"""
        )
        assert shown == SHOWN[theme]


INK, INK_2, NONE = "rgb(15, 37, 35)", "rgb(59, 77, 75)", "rgba(0, 0, 0, 0)"
LIGHT_INK, LIGHT_INK_2 = "rgb(239, 237, 228)", "rgb(191, 197, 185)"
SHOWN = {
    "light": [
        ["rgb(0, 0, 0)", "rgb(245, 244, 239)"],
        [INK, "rgb(253, 253, 251)"],
        [INK, NONE],
        [INK, "rgb(236, 235, 228)"],
        ["rgb(250, 251, 245)", "rgb(15, 85, 74)"],
        [INK_2, NONE],
    ],
    "dark": [
        ["rgb(255, 255, 255)", "rgb(12, 23, 22)"],
        [LIGHT_INK, "rgb(21, 34, 33)"],
        [LIGHT_INK, NONE],
        [LIGHT_INK, "rgb(7, 16, 16)"],
        ["rgb(3, 28, 26)", "rgb(147, 218, 195)"],
        [LIGHT_INK_2, NONE],
    ],
}
"""Colour and background of the parts of a mail; the colours are those of the tokens."""
