"""Reading and searching along a replay, going on where one stopped, handing a second on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.fakes.storage import MemoryStorage
from tests.fakes.theatre import Theatre, encode, served_replay

pytestmark = pytest.mark.e2e

SAID = "[data-find-said]"
CURRENT_IN_VIEW = """() => {
  const list = document.querySelector('[data-transcript]').getBoundingClientRect();
  const line = document.querySelector('[data-transcript] [aria-current]').getBoundingClientRect();
  return line.top >= list.top - 1 && line.bottom <= list.bottom + 1;
}"""
SCROLLED_UP = """was => {
  const list = document.querySelector('[data-transcript]');
  const [before, now] = [Number(list.dataset.before ?? -1), list.scrollTop];
  const same = now === before ? Number(list.dataset.same ?? 0) + 1 : 0;
  list.dataset.before = now;
  list.dataset.same = same;
  return now < was && same >= 10;
}"""
"""It is further up than it was, and has come to rest."""
TOP = "document.querySelector('[data-transcript]').scrollTop"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the segments of the replay are."""
    made = tmp_path_factory.mktemp("replay")
    encode(made)
    return made


@pytest.fixture(scope="module")
def storage() -> MemoryStorage:
    """Return where the captions and the storyboard of the replay are."""
    return MemoryStorage()


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, storage: MemoryStorage
) -> Iterator[str]:
    """Serve the pages; yield the address of a replay that has everything."""
    with served_replay(tmp_path_factory.mktemp("home"), folder, storage) as found:
        yield found


@pytest.fixture
def theatre(folder: Path, storage: MemoryStorage) -> Theatre:
    """Return the media of the replay."""
    return Theatre(folder, storage)


@pytest.fixture
def page(browser: Browser, theatre: Theatre, address: str) -> Iterator[Page]:
    """Open the page of the replay."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    opened.route("**/media/**", theatre.answer)
    opened.goto(address)
    yield opened
    opened.context.close()


def _play(page: Page, past: float = 0.5) -> None:
    page.click("[data-part=join]")
    _plays_past(page, past)


def _plays_past(page: Page, second: float) -> None:
    page.wait_for_function(
        "second => document.querySelector('video').currentTime > second", arg=second
    )


def _in_view(page: Page, line: str) -> None:
    page.wait_for_function(
        """line => {
          const list = document.querySelector('[data-transcript]').getBoundingClientRect();
          const found = [...document.querySelectorAll('[data-transcript] a')]
            .find(link => link.textContent.includes(line)).getBoundingClientRect();
          return found.top >= list.top - 1 && found.bottom <= list.bottom + 1;
        }""",
        arg=line,
    )


def test_the_transcript_follows_until_its_reader_scrolls_and_again_when_asked(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.evaluate("document.querySelector('[data-transcript]').style.maxHeight = '10rem'")
    _play(page)
    scrolled = page.evaluate("scrollY")
    page.evaluate("document.querySelector('video').currentTime = 44")
    _in_view(page, "begin at 44.")
    page.evaluate("document.querySelector('video').pause()")  # it shall not go on while she reads
    assert page.evaluate("scrollY") == scrolled
    page.focus("[data-transcript]")
    was = page.evaluate(TOP)
    page.keyboard.press("PageUp")
    page.wait_for_selector("[data-follow]:visible")
    page.wait_for_function(SCROLLED_UP, arg=was)
    read = page.evaluate(TOP)
    page.evaluate("document.querySelector('video').currentTime = 56")
    page.wait_for_selector("[data-transcript] a[aria-current]:has-text('begin at 56.')")
    assert page.evaluate(TOP) == read
    page.click("[data-follow]")
    page.wait_for_function(CURRENT_IN_VIEW)
    assert not page.is_visible("[data-follow]")


def test_words_are_found_and_walked_through_by_keyboard(page: Page) -> None:
    page.focus("#find")
    page.keyboard.type("AT 4")
    assert page.inner_text(SAID) == "2 places mention “AT 4”."
    assert page.locator("[data-transcript] mark").count() == 4
    for press, place in (("Enter", 1), ("Enter", 2), ("Shift+Enter", 1), ("Shift+Enter", 2)):
        page.keyboard.press(press)
        assert page.inner_text(SAID) == f"{place} of 2 places that mention “AT 4”"
    _in_view(page, "begin at 48.")
    page.keyboard.press("Escape")
    assert (page.inner_text(SAID), page.input_value("#find")) == ("", "")
    assert page.locator("[data-transcript] mark").count() == 0
    page.keyboard.type("salt")
    assert page.inner_text(SAID) == "No place mentions “salt”."
    assert "find" not in page.url


def test_a_link_from_the_search_comes_with_its_words(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(f"{address}?find=begin+at+32#t=32")
    assert page.inner_text("[data-transcript] mark") == "begin at 32"
    assert page.inner_text("[data-part=join]") == "Watch from 0:32"


def test_a_replay_goes_on_where_somebody_stopped_until_it_is_forgotten(page: Page) -> None:
    address = page.url
    _play(page)
    page.evaluate("document.querySelector('video').currentTime = 30")
    _plays_past(page, 30.2)
    page.click("[data-part=toggle]")
    stopped = int(page.evaluate("document.querySelector('video').currentTime"))
    page.goto(address)
    assert page.inner_text("[data-part=join]") == f"Continue at 0:{stopped}"
    page.focus("[data-anew] button")
    page.keyboard.press("Enter")
    _plays_past(page, 0.3)
    assert page.evaluate("document.querySelector('video').currentTime") < 20
    page.evaluate("document.querySelector('video').currentTime = 40")
    _plays_past(page, 40.2)
    page.click("[data-part=toggle]")
    page.goto(address.rpartition("/livestreams")[0] + "/preferences")
    assert page.inner_text("[data-places-count]") == "Kept for one talk."
    page.click("[data-places-forget]")
    assert page.inner_text("[data-places-count]") == "Nothing is kept now."
    assert page.evaluate("Object.keys(localStorage).filter(name => name === 'places')") == []


def test_quick_exit_forgets_when_the_person_said_so(page: Page) -> None:
    address, kept = page.url, "localStorage.getItem('places')"
    page.evaluate("localStorage.setItem('places', '{\"a\": [30, 99999]}')")
    page.route("about:blank", lambda route: route.abort())
    leave = "document.querySelector('[data-quick-exit]').click()"
    stay = "document.querySelector('[data-quick-exit]').href = '#stay'"
    page.evaluate(stay)
    page.evaluate(leave)
    assert page.evaluate(kept) is not None
    page.goto(address.rpartition("/livestreams")[0] + "/preferences")
    page.check("[data-places-exit]")
    page.evaluate(stay)
    page.evaluate(leave)
    assert page.evaluate(kept) is None


def test_a_second_is_handed_on_as_a_link(browser: Browser, theatre: Theatre, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.route("**/media/**", theatre.answer)
    page.goto(f"{address}#t=32")
    _play(page, 32.2)
    page.wait_for_selector("[data-share]:has-text('Share at 0:3')")
    page.click("[data-part=toggle]")
    page.focus("[data-share]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-share-said]:has-text('The link is copied.')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{address}#t=3")
    context.close()


def test_crisis_help_can_be_pressed_while_a_window_is_open(page: Page) -> None:
    _play(page)
    page.keyboard.press("?")
    page.wait_for_selector("#keys:popover-open")
    page.click(".helpbar__btn.script")
    assert "12356" in page.inner_text("#crisis")


def test_the_player_stands_in_a_page_of_another_site(
    browser: Browser, theatre: Theatre, address: str
) -> None:
    embedded = address.replace("/livestreams", "/embed/livestreams")
    frame = f'<iframe src="{embedded}" width="320" height="600"></iframe>'
    context = browser.new_context()
    context.grant_permissions(["local-network-access"])  # the page around it is on no network
    page = context.new_page()
    page.route("**/media/**", theatre.answer)
    for site in ("http://localhost", "http://127.0.0.1"):
        page.route(f"{site}/", lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto("http://localhost/")
    inside = page.frame_locator("iframe")
    inside.locator("[data-part=join]").click()
    inside.locator(".player--started").wait_for()
    inside.locator(".player-btn--help").click()
    assert "12356" in inside.locator("#crisis").inner_text()
    assert context.cookies() == []
    page.goto("http://127.0.0.1/")
    assert inside.locator("[data-part=join]").count() == 0
    context.close()
