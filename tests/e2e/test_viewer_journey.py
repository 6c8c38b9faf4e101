"""A viewer's whole way by keys alone: found, waited for, asked, watched, voted, read again later.

At every step axe finds nothing in either theme, nothing runs over the side, and whatever has the
focus is seen. With ``JOURNEY_SHOTS`` each step is kept as a picture for somebody to look at.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fakes.evening import Evening, served_evening
from tests.fakes.walker import Walker

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SOON = 20_000  # milliseconds for what the page fetches by itself
VIDEO = "document.querySelector('[data-part=video]')"
COPIED = """() => {
  const button = document.querySelector("[data-copy]");
  return button.textContent === button.dataset.copied;
}"""
JOIN, HELP, CRISIS = "[data-part=join]", ".player-btn--help", "#crisis"


@dataclass(frozen=True)
class Reader:
    """Who walks: the language of her pages, the width of her screen, and what she types."""

    prefix: str
    width: int
    wish: str
    question: str
    telling: str
    """Something that the question had better not name."""
    other: str
    caption: str
    word: str
    """That is said in the talk, in the line about it."""
    mail: str = "somebody.awake@example.org"


ENGLISH = (
    "",
    "sleep",
    "Is it normal to wake at three every night?",
    " Write to me at awake@example.org",
    "What can a partner say that actually helps?",
    "Breathe out & slowly.",
    "notebook",
)
CHINESE = (
    "/zh",
    "睡眠",
    "每天凌晨三点醒来正常吗",
    " 我的邮箱是 awake@example.org",
    "家人说什么才真的有帮助",
    "慢慢呼气。",
    "笔记本",
)
READERS = [
    pytest.param(Reader(words[0], width, *words[1:]), id=f"{name}-{width}")
    for name, words in (("english", ENGLISH), ("chinese", CHINESE))
    for width in (1280, 320)
]


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with served_evening(tmp_path) as made:
        yield made


@pytest.fixture
def walker(
    browser: Browser, reader: Reader, faults: list[str], request: pytest.FixtureRequest
) -> Iterator[Walker]:
    context = browser.new_context(
        viewport={"width": reader.width, "height": 844 if reader.width == 320 else 900},
        locale="zh-CN" if reader.prefix else "en-GB",
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Walker(page, shots(request.node.callspec.id))
    context.close()


def shots(reader: str) -> Path | None:
    """Return where pictures are kept, if anywhere."""
    folder = os.environ.get("JOURNEY_SHOTS")
    if not folder:
        return None
    own = Path(folder) / reader
    own.mkdir(parents=True, exist_ok=True)
    return own


def plays_past(page: Page, second: float) -> None:
    page.wait_for_function(f"second => {VIDEO}.currentTime > second", arg=second)


def opens_and_closes(walker: Walker, opener: str, dialog: str, name: str) -> None:
    """Open a dialog, look at it, go into it, close it, and be where one was."""
    walker.use(opener)
    expect(walker.page.locator(dialog)).to_be_visible()
    walker.look(name)
    walker.reach(f"{dialog} button")
    walker.page.keyboard.press("Escape")
    expect(walker.page.locator(dialog)).to_be_hidden()
    expect(walker.page.locator(opener)).to_be_focused()


def find_it(walker: Walker, reader: Reader, evening: Evening) -> None:
    """Open the site, look for a topic, and open the livestream that is found."""
    page = walker.page
    page.goto(f"{evening.origin}{reader.prefix}/")
    walker.look("01-home")
    opens_and_closes(walker, ".helpbar button", CRISIS, "02-crisis-help")
    with page.expect_navigation():
        page.keyboard.press("/")
    walker.look("03-search")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(reader.wish)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    walker.look("04-found")
    walker.press(f".hit__title a[href^='{reader.prefix}/livestreams/{evening.livestream_id}']")


def be_reminded(walker: Walker, reader: Reader) -> None:
    """Keep the date, and ask for a mail without an account."""
    page = walker.page
    walker.look("05-before")
    with page.expect_download() as kept:
        walker.use("#reminder a[href$='.ics']")
    assert kept.value.suggested_filename.endswith(".ics")
    walker.press("#reminder a[href$='/remind']")
    walker.look("06-remind-me")
    walker.write("#email", reader.mail)
    walker.press("main form button[type=submit]")
    walker.look("07-asked-for-mail")
    walker.press("main a.btn--quiet[href*='/livestreams/']")


def ask(walker: Walker, reader: Reader) -> None:
    """Ask without a name, keep the secret link, and take out there what had better not be said."""
    page = walker.page
    walker.write("#question-text", reader.question + reader.telling)
    walker.use("[data-send]")
    expect(page.locator("[data-sent-here] .q-card--mine")).to_contain_text(reader.telling.strip())
    expect(page.locator("[data-sent-here] .notice")).to_have_count(
        1
    )  # that one could be known by it
    walker.look("08-sent")
    walker.use("[data-copy]")
    page.wait_for_function(COPIED)
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    walker.look("09-secret-link")
    walker.use(".more summary")
    walker.write("#question-text", reader.question)
    walker.look("10-change-the-words")
    walker.press(".more form button")
    expect(page.locator(".question-page .notice")).to_have_count(1)  # that they were changed
    expect(page.locator(".q-card--mine")).not_to_contain_text(reader.telling.strip())
    walker.look("11-changed")
    walker.press("main p a[href*='/livestreams/']")


def watch_live(walker: Walker, reader: Reader, evening: Evening) -> None:
    """Join when it has begun; sound, captions, the whole window, help in it, and the keys."""
    page = walker.page
    expect(page.locator("[data-room][data-phase=live]")).to_be_visible(timeout=SOON)
    expect(page.locator(JOIN)).to_be_visible()
    walker.look("12-it-has-begun")
    walker.use(JOIN)
    plays_past(page, 1)
    evening.type_caption("zh-Hans" if reader.prefix else "en", reader.caption)
    walker.use("[data-part=mute]")
    assert page.evaluate(f"{VIDEO}.muted")
    captions = page.locator("[data-part=cc]")
    expect(captions).to_be_visible(timeout=SOON)
    for pressed in ("false", "true"):
        walker.use("[data-part=cc]")
        expect(captions).to_have_attribute("aria-pressed", pressed)
    walker.look("13-live")
    walker.use("[data-part=full]")
    walker.pass_by(12)  # round the player and not behind it
    opens_and_closes(walker, HELP, CRISIS, "14-help-in-the-whole-window")
    page.keyboard.press("Escape")
    expect(page.locator(".player--full")).to_have_count(0)
    if reader.width >= 768:  # a phone has no keys to list
        opens_and_closes(walker, ".wide-only[popovertarget=keys]", "#keys", "15-keys")


def take_part(walker: Walker, reader: Reader, evening: Evening) -> None:
    """See one's own question come, want another one as well, and answer a poll."""
    page = walker.page
    other = evening.approve(reader.other)
    mine = evening.approve_asked(reader.question)
    poll = evening.open_poll()
    expect(page.locator(f"#question-{mine}")).to_contain_text(reader.question, timeout=SOON)
    expect(page.locator(f"#question-{mine} [data-own]")).to_be_visible()
    expect(page.locator("[data-asking] .q-card--mine")).to_have_count(0)  # it waits no more
    expect(page.locator("#poll")).to_be_visible(timeout=SOON)
    walker.reach("#poll [name=choice]")
    page.keyboard.press("ArrowDown")
    walker.use("#poll [data-ballot] button")
    expect(page.locator("#poll [data-kept]")).to_be_visible()
    with page.expect_response(lambda answer: f"{other}/votes" in answer.url):
        walker.use(f"#question-{other} .metoo")
    expect(page.locator(f"#question-{other} .metoo")).to_have_attribute("aria-pressed", "true")
    assert evening.votes(other) == 1
    walker.look("16-questions-and-a-poll")
    evening.release(poll, people=30)
    expect(page.locator("#poll [data-results]")).to_be_visible(timeout=SOON)
    walker.look("17-figures")


def watch_again(walker: Walker, reader: Reader, evening: Evening) -> None:
    """Open the same link later: by chapter, by a word of the transcript, faster, handed on."""
    page = walker.page
    evening.end()
    expect(page.locator("[data-room][data-phase=replay]")).to_be_visible(timeout=SOON)
    walker.look("18-over")
    page.goto(evening.page(reader.prefix))
    walker.look("19-replay")
    walker.use(JOIN)
    plays_past(page, 0.5)
    walker.use("[data-chapters] li:nth-child(3) a")
    plays_past(page, 18)
    walker.write("#find", reader.word)
    page.keyboard.press("Enter")
    expect(page.locator("[data-transcript] mark:visible")).to_have_count(1)
    walker.look("20-found-in-the-transcript")
    walker.use("[data-transcript] a:has(mark)")
    page.wait_for_function(f"() => Math.abs({VIDEO}.currentTime - 13) < 2")
    walker.choose("[data-part=rate]", "1.25")
    page.wait_for_function(f"() => {VIDEO}.playbackRate === 1.25")
    walker.use("[data-share]")
    expect(page.locator("[data-share-said]")).not_to_be_empty()
    assert "#t=1" in page.evaluate("navigator.clipboard.readText()")


def read_an_answer(walker: Walker, reader: Reader, evening: Evening) -> None:
    """Find what was said by the search of the site; then open an answer, and hear it."""
    page = walker.page
    walker.press("[aria-labelledby=answers-h] a")
    walker.look("21-answer")
    walker.use(JOIN)
    plays_past(page, 15)
    with page.expect_navigation():
        page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(reader.word)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    walker.look("22-found-by-what-was-said")
    walker.press(f".hit__lines a[href*='{evening.livestream_id}'][href$='#t=12']")
    expect(page.locator("[data-transcript] mark:visible")).to_have_count(1)
    walker.look("23-at-the-second")


@pytest.mark.parametrize("reader", READERS)
def test_a_viewer_finds_asks_watches_and_comes_back_by_keys_alone(
    walker: Walker, reader: Reader, evening: Evening, tmp_path: Path, faults: list[str]
) -> None:
    find_it(walker, reader, evening)
    be_reminded(walker, reader)
    ask(walker, reader)
    evening.begin(tmp_path / "recorded")
    watch_live(walker, reader, evening)
    take_part(walker, reader, evening)
    watch_again(walker, reader, evening)
    read_an_answer(walker, reader, evening)
    assert (walker.faults, faults) == ([], [])
