"""Slides from a PDF, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.stage import bench
from tests.e2e.stage.watching import (
    CARD_GROUND,
    begin,
    look,
    near,
    open_slides,
    pixel,
    wait,
)

pytestmark = pytest.mark.e2e


def test_pages_of_a_pdf_turn_by_buttons_and_keys(page: Page, shots: Path | None) -> None:
    begin(page)
    assert open_slides(page, bench.write_pdf()) == ""
    page.evaluate("stage.show('slides')")
    assert page.evaluate("[stage.slides.page, stage.slides.count]") == [1, 3]
    seen = [pixel(page, 640, 360)]
    assert near(pixel(page, 20, 360), CARD_GROUND)  # a 4:3 page keeps its shape, with bars
    page.evaluate("stage.slides.next()")
    seen.append(pixel(page, 640, 360))
    page.evaluate("bindSlideKeys(stage.slides, () => true, () => told.push('failed'))")
    page.keyboard.press("PageDown")
    wait(page, "stage.slides.page === 3")
    page.evaluate("stage.slides.next()")  # after the last page nothing happens
    seen.append(pixel(page, 640, 360))
    assert [near(one, other) for one, other in zip(seen, bench.COLOURS, strict=True)] == [True] * 3
    small = page.evaluate("stage.slides.thumbnail(2).then(({width, height}) => [width, height])")
    assert small == [120, 90]
    page.evaluate("stage.corner = 'top_left'; stage.show('slides_camera')")
    look(page, "slides_top_left", shots)
    assert not near(pixel(page, 60, 60), CARD_GROUND)
    page.evaluate("stage.slides.close()")
    page.evaluate("drawn()")
    assert page.evaluate("[stage.slides.page, stage.slides.count]") == [0, 0]


def test_text_whose_fonts_are_not_in_the_pdf_is_drawn(page: Page, shots: Path | None) -> None:
    fetched: list[str] = []
    page.context.on("request", lambda asked: fetched.append(asked.url.rpartition("/")[2]))
    assert open_slides(page, bench.write_pdf_with_fonts_from_outside()) == ""
    page.evaluate("stage.show('slides'); drawn()")
    look(page, "fonts", shots)
    dark = """(y) => {
      const { data } = stage.preview.getContext("2d").getImageData(200, y, 400, 120);
      return data.filter((one, at) => at % 4 === 0 && one < 100).length;
    }"""
    assert page.evaluate(dark, 140) > 500  # Latin
    assert page.evaluate(dark, 420) > 500  # Chinese


@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (b"%PDF-1.4 and then nothing", "pdf_damaged"),
        (b"", "pdf_empty"),
        (bench.write_pdf(501), "pdf_too_big"),
    ],
    ids=["damaged", "empty", "long"],
)
def test_pdf_that_cannot_be_shown_is_named_and_the_former_one_stays(
    page: Page, pdf: bytes, code: str
) -> None:
    assert open_slides(page, bench.write_pdf()) == ""
    assert open_slides(page, pdf) == code
    assert page.evaluate("[stage.slides.page, stage.slides.count]") == [1, 3]


def test_locked_pdf_is_named(page: Page) -> None:
    locked = bench.write_pdf().replace(
        b"/Root 1 0 R >>",
        b"/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 "
        b"/O <" + b"ab" * 32 + b"> /U <" + b"cd" * 32 + b"> >> >>",
    )
    assert open_slides(page, locked) == "pdf_locked"
