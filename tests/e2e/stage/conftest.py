"""A browser with fake devices, and a page with nothing but the stage."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.e2e.stage import bench
from tests.e2e.stage.watching import open_bench


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("stage")
    bench.bundle_stage(folder)
    with bench.serve(folder) as found:
        yield found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=list(bench.FAKES)
    )
    yield started
    started.close()


@pytest.fixture
def page(browser: Browser, address: str, faults: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    open_bench(opened, address)
    yield opened
    context.close()
    assert faults == []


@pytest.fixture
def shots() -> Path | None:
    """Return where pictures of the layouts are kept for somebody to look at, if anywhere."""
    folder = os.environ.get("STAGE_SHOTS")
    return Path(folder) if folder else None
