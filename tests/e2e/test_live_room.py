"""The live room in a browser: questions and a poll change in place, and work without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fakes.live_room import TEXTS, LiveRoom, live_room
from web import assets

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SOON = 15_000  # milliseconds for what the page fetches by itself; it asks every 1.5 s


@pytest.fixture(scope="module")
def served_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRoom]:
    with live_room(tmp_path_factory.mktemp("home")) as room:
        yield room


@pytest.fixture
def room(served_room: LiveRoom, browser: Browser) -> Iterator[LiveRoom]:
    """Return the room; pages that a test leaves open would ask on and on."""
    before = list(browser.contexts)
    yield served_room
    for one in [one for one in browser.contexts if one not in before]:
        one.close()
    served_room.empty()


def open_page(browser: Browser, faults: list[str], address: str, **context: object) -> Page:
    page = browser.new_context(reduced_motion="reduce", **context).new_page()  # type: ignore[arg-type]  # options of a context
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address, wait_until="domcontentloaded")
    return page


def texts(page: Page) -> list[str]:
    return page.locator("[data-list] [data-text]").all_inner_texts()


def test_a_question_appears_changes_and_goes_without_a_reload(
    browser: Browser, room: LiveRoom, faults: list[str]
) -> None:
    first, second, *_ = room.show(4)
    page = open_page(browser, faults, room.page())
    expect(page.locator("[data-list] > li")).to_have_count(4)
    fresh = room.approve("Does it get better?")
    expect(page.locator(f"#question-{fresh} [data-text]")).to_have_text(
        "Does it get better?", timeout=SOON
    )
    expect(page.locator("#asked [data-said]")).to_have_text("One new question.")
    room.change(first, state="answered")
    room.change(second, state="on_air")
    expect(page.locator(".q-card--now [data-text]")).to_have_text(TEXTS[1], timeout=SOON)
    expect(page.locator("#asked [data-said]")).to_contain_text("panic while asleep", timeout=SOON)
    room.change(fresh, state="refused", reason="unclear")
    expect(page.locator(f"#question-{fresh}")).to_have_count(0, timeout=SOON)
    assert faults == []


def test_nothing_moves_under_who_reads(browser: Browser, room: LiveRoom, faults: list[str]) -> None:
    ids = room.show(4)
    page = open_page(browser, faults, room.page())
    button = page.locator(f"#question-{ids[3]} .metoo")
    button.focus()
    before = texts(page)
    room.change(ids[3], votes=500)
    expect(page.locator(f"#question-{ids[3]} [data-votes]")).to_have_text("500", timeout=SOON)
    assert texts(page) == before
    assert button.evaluate("one => one === document.activeElement")


def test_me_too_counts_once_and_is_taken_back(
    browser: Browser, room: LiveRoom, faults: list[str]
) -> None:
    (_, wanted) = room.show(2)
    page = open_page(browser, faults, room.page())
    button = page.locator(f"#question-{wanted} .metoo")
    for pressed, votes in (("true", 41), ("false", 40)):
        with page.expect_response(lambda answer: answer.url.endswith("/votes")) as answered:
            button.press("Enter")
        assert answered.value.ok
        expect(button).to_have_attribute("aria-pressed", pressed)
        assert room.votes(wanted) == votes
    assert faults == []


def test_a_poll_is_answered_and_its_figures_come_with_the_release(
    browser: Browser, room: LiveRoom, faults: list[str]
) -> None:
    page = open_page(browser, faults, room.page())
    expect(page.locator("#poll")).to_be_hidden()
    poll = room.open_poll()
    expect(page.locator("#poll-h")).to_have_text("What would help most now?", timeout=SOON)
    page.get_by_label("Why it comes at night").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator("#poll [data-kept]")).to_contain_text("Your answer is kept")
    expect(page.locator("#poll [data-results]")).to_be_hidden()
    room.release(poll, people=39)
    shown = page.locator("#poll [data-results] li")
    expect(shown).to_have_count(3, timeout=SOON)
    assert [one.replace("\n", " ") for one in shown.all_inner_texts()] == [
        "What to do in the moment 50%",
        "Why it comes at night (your answer) 50%",
        "What to tell my doctor a few",
    ]
    page.reload(wait_until="domcontentloaded")
    expect(page.locator(".poll__mine")).to_have_text("(your answer)")
    assert faults == []


def test_everything_is_read_and_done_without_scripts(
    browser: Browser, room: LiveRoom, faults: list[str]
) -> None:
    ids = room.show(10)
    room.open_poll()
    page = open_page(browser, faults, room.page(), java_script_enabled=False)
    assert len(texts(page)) == len(ids)
    page.locator(f"#question-{ids[1]} .metoo").click()
    assert room.votes(ids[1]) == 41
    page.get_by_label("Why it comes at night").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_label("Why it comes at night")).to_be_checked()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/zh"], ids=["english", "chinese"])
def test_axe_finds_nothing_and_nothing_is_cut_at_320_pixels(
    browser: Browser, room: LiveRoom, faults: list[str], language: str, theme: str
) -> None:
    room.show(12)
    poll = room.open_poll()
    page = open_page(
        browser,
        faults,
        room.page(language),
        viewport={"width": 320, "height": 844},
        color_scheme=theme,
        bypass_csp=True,  # axe is put into the page
    )
    page.add_script_tag(path=AXE)
    found = [_violations(page)]
    room.release(poll, people=30)
    expect(page.locator("#poll [data-results]")).to_be_visible(timeout=SOON)
    found.append(_violations(page))
    assert found == [[], []]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert faults == []


def _violations(page: Page) -> list[str]:
    found = page.evaluate(
        "rules => axe.run({ runOnly: rules }).then(({ violations }) => violations)", RULES
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
