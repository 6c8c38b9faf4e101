"""A person without a mouse: everything is reached with Tab and done with keys."""

from datetime import date, time
from pathlib import Path

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLate

MOST_TABS = 400
CHOOSER_MS = 8000
FOCUSED = "found => found.some(one => one === document.activeElement)"
SAME_GROUP = """found => {
  const now = document.activeElement, wanted = found[0];
  return !!now && !!wanted && now.type === 'radio' && wanted.type === 'radio'
    && now.name === wanted.name && now.form === wanted.form;
}"""


class Keyboard:
    """Keys on one page; ``selector`` must match what is meant, and what is first in its order."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, selector: str) -> None:
        """Press Tab until something that matches has the focus; it must be visible there."""
        wanted = self.page.locator(selector)
        assert wanted.count(), f"{selector} is not on {self.page.url}"
        for _press in range(MOST_TABS):
            if wanted.evaluate_all(FOCUSED):
                return
            if wanted.evaluate_all(SAME_GROUP):
                self.page.keyboard.press("ArrowDown")
                continue
            self.page.keyboard.press("Tab")
        message = f"{selector} is not reached by Tab on {self.page.url}"
        raise AssertionError(message)

    def write(self, selector: str, text: str) -> None:
        """Replace what stands in a field."""
        self.reach(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def write_day(self, selector: str, day: date) -> None:
        """Type a day into a date field, in the order of Chromium's own language."""
        self.reach(selector)
        self.page.keyboard.type(f"{day:%m%d%Y}")

    def write_time(self, selector: str, clock: time) -> None:
        """Type a time into a time field, by the twelve hours of Chromium's own language."""
        self.reach(selector)
        self.page.keyboard.type(f"{clock:%I%M%p}")

    def tick(self, selector: str) -> None:
        """Tick a box, or choose a radio button."""
        self.reach(selector)
        if not self.page.locator(selector).first.is_checked():
            self.page.keyboard.press("Space")

    def choose(self, selector: str, value: str) -> None:
        """Choose an option of a list with the arrow keys."""
        self.reach(selector)
        field = self.page.locator(selector).first
        self.page.keyboard.press("Home")
        for _press in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert field.input_value() == value, f"{value} is not an option of {selector}"

    def press(self, selector: str) -> None:
        """Follow a link or press a button, and wait for the page that answers."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def attach(self, selector: str, file: Path) -> None:
        """Choose a file: the button is reached by Tab, the dialog is the system's own."""
        for key in ("Enter", "Space", "Enter"):  # a busy browser now and then misses the first
            self.reach(selector)
            try:
                with self.page.expect_file_chooser(timeout=CHOOSER_MS) as chooser:
                    self.page.keyboard.press(key)
            except TooLate:
                continue
            chooser.value.set_files(file)
            return
        message = f"{selector} opens no dialog on {self.page.url}"
        raise AssertionError(message)
