"""Every mail in both languages as pictures to look at: ``python -m bench.mails FOLDER``.

Sheets of several mails, in both themes, at 320 and 640 pixels; beside them the plain text of each
and the text messages. Nothing is sent, and nothing is fetched.
"""

import shutil
import sys
from email import message_from_bytes, policy
from html import escape
from itertools import product
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, sync_playwright

from accounts.notices.composing import compose
from accounts.notices.enums import Channel
from accounts.notices.kinds import KINDS
from accounts.notices.wording import short_of
from accounts.notices.wording.samples import sample_due, sample_say
from accounts.notices.wording.texts import defaults
from core.words import LANGUAGES

SHEET = {320: 6, 640: 4}
"""Mails of one sheet by the width of each."""
COLUMNS = {320: 6, 640: 2}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
READY = "[...document.querySelectorAll('iframe')].every(one => one.contentDocument.body)"
FIT = """document.querySelectorAll('iframe').forEach(one => {
  one.style.height = one.contentDocument.documentElement.scrollHeight + 'px'; })"""


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for language in LANGUAGES:
            write_texts(folder, language)
            for theme, width in product(("light", "dark"), SHEET):
                draw(browser, folder, language=language, theme=theme, width=width)
        browser.close()


def write_texts(folder: Path, language: str) -> None:
    """Write the plain text of every mail, and every text message, into one file."""
    parts = [f"===== {kind}\n{body(kind, language, 'plain')}" for kind in KINDS]
    for kind in KINDS:
        if short_of(kind, language):
            due = sample_due(kind, language, channel=Channel.SMS)
            sent = compose(due, sample_say(kind, language), defaults())
            parts.append(f"===== text message: {kind}\n{sent.content.decode()}")
    (folder / f"{language}.txt").write_text("\n".join(parts), "utf-8")


def draw(browser: Browser, folder: Path, *, language: str, theme: str, width: int) -> None:
    """Draw the sheets of one language, theme and width."""
    kinds = list(KINDS)
    context = browser.new_context(
        viewport={"width": width * COLUMNS[width], "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    for number in range(0, len(kinds), SHEET[width]):
        page.set_content(sheet(kinds[number : number + SHEET[width]], language, width))
        page.wait_for_function(READY)
        page.evaluate(FIT)
        name = f"{language}-{theme}-{width}-{number // SHEET[width]:02}.png"
        page.screenshot(path=folder / name, full_page=True)
    context.close()


def sheet(kinds: list[str], language: str, width: int) -> str:
    """Return a page that shows several mails, each in a window of its own."""
    frames = "".join(
        f'<iframe width="{width}" srcdoc="{escape(body(kind, language, "html"))}"></iframe>'
        for kind in kinds
    )
    style = "body{margin:0;display:flex;flex-wrap:wrap;align-items:start}iframe{border:0}"
    return f"<!doctype html><title>Mails</title><style>{style}</style>{frames}"


def body(kind: str, language: str, part: str) -> str:
    """Return a part of a mail as a reader sees it."""
    sent = compose(sample_due(kind, language), sample_say(kind, language), defaults())
    mail = message_from_bytes(sent.content, policy=policy.SMTP)
    found = mail.get_body((part,))
    return cast("str", found.get_content()) if found else ""


if __name__ == "__main__":
    main()
