"""A replay in a real browser: captions, chapters, transcript, preview, sound, other addresses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.fakes.storage import MemoryStorage
from tests.fakes.theatre import Theatre, encode, served_replay
from web import assets

pytestmark = pytest.mark.e2e

AXE = assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js"


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


CUE = (
    "() => [...document.querySelector('video').textTracks[0].activeCues ?? []].map(cue => cue.text)"
)


def test_captions_are_on_and_a_choice_against_them_is_kept(page: Page, theatre: Theatre) -> None:
    assert not any(name.endswith(".vtt") for name in theatre.asked)
    _play(page)
    page.wait_for_function(f"() => ({CUE})()[0] === 'These words begin at 0.'")
    assert page.get_attribute("[data-part=cc]", "aria-pressed") == "true"
    page.keyboard.press("c")
    mode = "document.querySelector('video').textTracks[0].mode"
    assert page.evaluate(mode) == "disabled"
    page.reload()
    assert page.input_value("[data-part=captions]") == "off"
    page.select_option("[data-part=captions]", "en")
    _play(page)
    assert page.evaluate(mode) == "showing"


def test_chapters_are_marked_and_reached_by_link_and_key(page: Page) -> None:
    page.click("[data-chapters] a:has-text('Part 2')")
    _plays_past(page, 20)
    page.wait_for_selector("[data-chapters] a[aria-current]:has-text('Part 2')")
    assert page.url.endswith("#t=20")
    assert page.locator("[data-part=ticks] rect").count() == 2
    page.keyboard.press("]")
    _plays_past(page, 40)
    page.wait_for_selector("[data-chapters] a[aria-current]:has-text('Part 3')")
    assert "chapter: Part 3" in (page.get_attribute("[data-part=seek]", "aria-valuetext") or "")
    page.wait_for_selector("[data-transcript] a[aria-current]:has-text('begin at 40.')")
    page.keyboard.press("[")
    page.wait_for_function("() => document.querySelector('video').currentTime < 25")


def test_a_link_to_a_second_begins_there_with_the_video_in_view(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(f"{address}#t=32")
    assert page.inner_text("[data-part=join]") == "Watch from 0:32"
    page.wait_for_function("() => scrollY === 0")
    _play(page, 32)
    assert page.evaluate("document.querySelector('video').currentTime") < 40


def test_the_bar_shows_what_is_there_by_keyboard_and_pointer(page: Page, theatre: Theatre) -> None:
    _play(page)
    story = "assets/storyvtt-1a2b3c4d.vtt"
    assert story not in theatre.asked
    page.focus("[data-part=seek]")
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(".peek__picture")
    assert page.inner_text("[data-part=peek]").endswith("Part 1")
    box = page.locator("[data-part=seek]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    page.wait_for_selector("[data-part=peek]:has-text('Part 3')")
    placed = "document.querySelector('.peek__picture').style.objectPosition"
    assert (page.evaluate(placed), theatre.asked.count(story)) == ("-640px 0px", 1)


def test_sound_alone_has_captions_and_no_picture(page: Page, theatre: Theatre) -> None:
    page.check("[data-part=sound]")
    theatre.asked.clear()
    _play(page, 1)
    page.wait_for_function(f"() => ({CUE})().length === 1")
    fetched = {name.partition("/")[0] for name in theatre.asked}
    assert fetched == {"g1audio", "assets"}
    page.uncheck("[data-part=sound]")
    page.wait_for_function("() => document.querySelector('video').videoHeight > 0")


def test_quality_has_the_heights_there_are_and_saving_data_caps_it(page: Page) -> None:
    page.check("[data-part=save]")
    _play(page)
    options = page.locator("[data-part=quality] option").all_inner_texts()
    assert options == ["Auto", "180p", "90p"]
    page.select_option("[data-part=quality]", "90")
    page.reload()
    assert page.is_checked("[data-part=save]")
    _play(page)
    shown = "() => document.querySelector('video').videoHeight === 90"
    page.wait_for_function(shown)
    assert page.input_value("[data-part=quality]") == "90"


def test_a_replay_goes_on_when_its_addresses_were_replaced(page: Page, theatre: Theatre) -> None:
    theatre.prefix = "old"
    page.evaluate("window.sameDocument = true")
    _play(page, 0.5)
    page.wait_for_function("() => document.querySelector('video').buffered.length")
    page.evaluate("document.querySelector('video').currentTime = 10")
    _plays_past(page, 14)
    assert page.evaluate("window.sameDocument")
    assert (theatre.prefix, theatre.asked.count("master.m3u8")) == ("g1", 2)


def test_a_replay_goes_on_from_the_same_picture_when_its_start_was_cut_off(
    page: Page, theatre: Theatre, address: str
) -> None:
    theatre.is_cut, theatre.prefix = True, "old"
    page.goto(f"{address}?t=9")
    _play(page, 9.5)
    page.wait_for_function("() => document.querySelector('video').buffered.length")
    theatre.retire()
    page.wait_for_function("() => document.querySelector('video').duration < 57")
    _plays_past(page, 0)
    second = page.evaluate("document.querySelector('video').currentTime")
    assert 5 <= second < 8.5
    _plays_past(page, 9.5)
    assert page.evaluate("document.querySelector('[data-part=trouble]').hidden")


def test_without_scripts_the_words_and_the_sound_are_there(
    browser: Browser, theatre: Theatre, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("**/media/**", theatre.answer)
    page.goto(f"{address}#t=20")
    assert "Playing the video needs JavaScript." in page.inner_text(".player__cover noscript")
    assert page.is_visible("[data-transcript] >> text=These words begin at 20.")
    assert not page.is_visible(".viewopts")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_a_replay_that_plays_is_free_of_faults(
    page: Page, address: str, theme: str, prefix: str
) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 720})
    page.goto(address.replace("/livestreams", f"{prefix}/livestreams"))
    found = _axe(page)
    _play(page)
    assert (found, _axe(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def _axe(page: Page) -> list[str]:
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate(f"axe.run({{runOnly: {json.dumps(rules)}}})")
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in result["violations"]
        for node in one["nodes"]
    ]
