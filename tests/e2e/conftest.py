"""What every test in a real browser begins with."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

PATIENCE = 60_000  # milliseconds; other tests run beside this one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium: the one on the machine, else the one that playwright knows."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture
def faults() -> list[str]:
    """Collect what a page's scripts complain of."""
    return []
