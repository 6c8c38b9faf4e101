"""Somebody without a mouse who looks closely: the focus must be seen, and every page be clean."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.fakes.keyboard import MOST_TABS, Keyboard
from web import assets

AXE: Final = (assets.FRONTEND / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES: Final = ("light", "dark")
VIOLATIONS: Final = """async tags => {
  const moving = document.getAnimations().filter(one => one instanceof CSSTransition);
  moving.forEach(one => one.finish());  // colours on their way to the other theme
  const found = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
  return found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 160))]);
}"""
TOO_WIDE: Final = "document.documentElement.scrollWidth > innerWidth"
CUT_OFF: Final = """() => [...document.querySelectorAll('.player__frame')].some(
  one => one.scrollHeight > one.clientHeight + 1
)"""
"""Whether the player says more than it has room for."""
WAY: Final = """found => {
  const now = document.activeElement, wanted = found[0];
  if (found.includes(now)) return '';
  if (now?.type === 'radio' && wanted.type === 'radio' && now.name === wanted.name)
    return 'ArrowDown';
  const before = now !== document.body
    && now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING;
  return before ? 'Shift+Tab' : 'Tab';
}"""
"""The key that leads towards it; nothing when it has the focus."""
HIDDEN_FOCUS: Final = """() => {
  const one = document.activeElement;
  if (one === document.body) return '';
  const told = why => why + ': ' + one.outerHTML.slice(0, 160);
  const shown = one.matches('[type=radio], [type=checkbox]') ? one.closest('label') ?? one : one;
  const box = shown.getClientRects()[0];
  if (!box) return told('not drawn');
  const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
  const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
  const fits = box.height < innerHeight / 2;
  if (fits && (box.top < -1 || box.bottom > innerHeight + 1)) return told('cut off');
  if (box.left < -1 || box.right > innerWidth + 1) return told('cut off');
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const points = [[x, y], [left + 3, y], [right - 3, y]];
  if (fits) points.push([x, top + 3], [x, bottom - 3]);
  for (const point of points) {
    const hit = document.elementFromPoint(...point);
    if (!hit) return told('outside');
    if (!shown.contains(hit) && !hit.contains(shown))
      return told('behind ' + hit.outerHTML.slice(0, 60));
  }
  const { outlineStyle, boxShadow } = getComputedStyle(one);
  return outlineStyle === 'none' && boxShadow === 'none' ? told('not marked') : '';
}"""
"""Why the element that has the focus is not seen as having it."""


class Walker(Keyboard):
    """Keys alone on one page; wherever the focus comes by, it must be seen there.

    Args:
        page: That is walked through.
        shots: Where pictures are kept for somebody to look at, if anywhere.
    """

    def __init__(self, page: Page, shots: Path | None = None) -> None:
        super().__init__(page)
        self.shots = shots
        self.faults: list[object] = []

    def reach(self, selector: str) -> None:
        """Go on, or back, by Tab until something that matches has the focus."""
        wanted = self.page.locator(selector)
        expect(wanted.first).to_be_attached()
        for _press in range(MOST_TABS):
            key = wanted.evaluate_all(WAY)
            if not key:
                return
            self._press(key)
        message = f"{selector} is not reached by Tab on {self.page.url}"
        raise AssertionError(message)

    def pass_by(self, stops: int) -> None:
        """Press Tab so often; each stop must be seen."""
        for _press in range(stops):
            self._press("Tab")

    def use(self, selector: str) -> Locator:
        """Press a button that leads nowhere else; return it."""
        self.reach(selector)
        self.page.keyboard.press("Enter")
        return self.page.locator(selector).first

    def look(self, name: str) -> None:
        """See in both themes that axe finds nothing, and that nothing is cut off."""
        if not self.page.evaluate("!!globalThis.axe"):
            self.page.evaluate(AXE)
        for theme in THEMES:
            self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            if found := self.page.evaluate(VIOLATIONS, RULES):
                self.faults.append((name, theme, found))
            if self.shots is not None:
                self.page.screenshot(path=self.shots / f"{name}-{theme}.png", full_page=True)
        if self.page.evaluate(TOO_WIDE):
            self.faults.append((name, "scrolls sideways"))
        if self.page.evaluate(CUT_OFF):
            self.faults.append((name, "the player is cut off"))

    def _press(self, key: str) -> None:
        self.page.keyboard.press(key)
        if fault := self.page.evaluate(HIDDEN_FOCUS):
            self.faults.append(fault)
