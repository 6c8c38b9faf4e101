"""Chapters under the player while it is live: they grow, and lead back as far as it can go."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from core.clock import rfc3339, utc_now
from tests.e2e.test_player_pages import Stage, address, recording

__all__ = ["address", "recording"]
pytestmark = pytest.mark.e2e

BEGAN = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
BREAK = timedelta(seconds=60)
"""So long nothing was sent between the two runs."""


def chapter(seconds: float, second: int, title: str) -> dict[str, object]:
    return {"at": rfc3339(BEGAN + timedelta(seconds=seconds)), "second": second, "title": title}


@dataclass
class Marked(Stage):
    """A broadcast whose segments have times, and whose host marks chapters."""

    chapters: list[dict[str, object]] = field(default_factory=list)

    def answer_audience(self, route: Route) -> None:
        route.fulfill(
            json={
                "version": len(self.chapters) + 1,
                "state": "live",
                "interrupted": False,
                "viewers": 12,
                "playback_url": "/media/stage/master.m3u8",
                "starts_at": rfc3339(utc_now()),
                "questions": [],
                "questions_count": 0,
                "questions_url": "",
                "poll": None,
                "chapters": self.chapters,
                "handouts": [],
            }
        )

    def _playlist(self) -> str:
        lines, sent = [], 0
        for line in super()._playlist().splitlines():
            if line.startswith("#EXTINF"):
                run, _index = self.segments[sent]
                at = BEGAN + timedelta(seconds=sent) + run * BREAK
                lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{rfc3339(at)}")
                sent += 1
            lines.append(line)
        return "\n".join(lines)


@pytest.fixture
def stage(recording: Path) -> Marked:
    made = Marked(recording, state="live")
    for run in (0,) * 6 + (1,) * 6:
        made.receive(run)
    return made


@pytest.fixture
def page(browser: Browser, stage: Marked, address: str, faults: list[str]) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.route("**/audience", stage.answer_audience)
    opened.route("**/media/stage/**", stage.answer_media)
    opened.goto(address, wait_until="domcontentloaded")
    yield opened
    context.close()


def test_chapters_come_by_themselves_and_lead_back_behind_a_break(
    page: Page, stage: Marked, faults: list[str]
) -> None:
    expect(page.locator("#so-far")).to_be_hidden()
    stage.chapters = [chapter(0, 0, "Welcome"), chapter(68, 8, "What helps")]
    lines = page.locator("#so-far li")
    expect(lines).to_have_text(["0:00Welcome", "0:08What helps"])
    expect(page.locator("#so-far button")).to_have_count(0)  # nothing plays: there is no way back
    page.get_by_role("button", name="Join live").click()
    expect(page.locator("#so-far button")).to_have_count(2)
    stage.chapters = [chapter(-3600, 0, "Longer ago than the list reaches"), *stage.chapters]
    expect(lines).to_have_count(3)
    expect(page.locator("#so-far [data-so-far-said]")).to_contain_text("New chapter")
    expect(page.locator("#so-far button")).to_have_count(2)
    page.locator("#so-far button", has_text="What helps").press("Enter")
    page.wait_for_function(
        "() => Math.abs(document.querySelector('video').currentTime - 8.5) < 1.5"
    )
    expect(page.locator("#so-far [aria-current]")).to_have_text("0:08What helps")
    page.locator("#so-far button", has_text="Welcome").click()
    page.wait_for_function("() => document.querySelector('video').currentTime < 3")
    assert faults == []


def test_chapters_go_from_the_page_when_the_host_takes_them_back(
    page: Page, stage: Marked, faults: list[str]
) -> None:
    stage.chapters = [chapter(0, 0, "Welcome")]
    expect(page.locator("#so-far")).to_be_visible()
    stage.chapters = []
    expect(page.locator("#so-far")).to_be_hidden()
    assert faults == []
