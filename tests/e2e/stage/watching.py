"""What tests of the stage ask its page for."""

import base64
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.e2e.stage import bench

CARD_GROUND: Final = (11, 29, 28)  # --c-stage
TOOLS: Final = """
globalThis.make = (options) => {
  globalThis.stage = new Stage(options);
  globalThis.told = [];
  for (const name of ["ended-screen", "device-lost", "device-back"])
    stage.addEventListener(name, ({ detail }) => told.push([name, detail?.kind ?? ""]));
  stage.preview.style.cssText = "width:1280px;height:720px;display:block";
  document.body.prepend(stage.preview);
  globalThis.tracks = stage.stream.getTracks();
};
globalThis.pixel = (x, y) => {
  const { data } = stage.preview.getContext("2d").getImageData(x, y, 1, 1);
  return [...data].slice(0, 3);
};
globalThis.drawn = () => new Promise((go) => {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, srcObject: stage.stream });
  let left = 8;
  const next = () => (left-- ? video.requestVideoFrameCallback(next) : go());
  video.requestVideoFrameCallback(next);
  video.play();
});
globalThis.code = (promise) => promise.then(() => "", (fault) => fault.code ?? String(fault));
globalThis.pdf = (text) => {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  return new File([bytes], "slides.pdf");
};
"""
RECORD_TRACKS: Final = """
globalThis.given = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  given.push(...stream.getTracks());
  return stream;
};
0;
"""


def open_bench(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(TOOLS)
    page.evaluate("make", bench.OPTIONS)
    page.locator("#press").click()


def wait(page: Page, condition: str) -> None:
    """Wait until a script's condition holds; the page's policy forbids Playwright's own way."""
    page.evaluate(
        f"""async () => {{
          const end = performance.now() + 20000;
          while (!({condition})) {{
            if (performance.now() > end) throw new Error(`never: {condition.replace("`", "")}`);
            await new Promise((go) => setTimeout(go, 50));
          }}
        }}"""
    )


def begin(page: Page) -> None:
    page.evaluate("stage.open()")
    wait(page, "stage.picture === 'clear' || stage.picture === 'dark'")


def pixel(page: Page, x: int, y: int) -> tuple[int, ...]:
    page.evaluate("drawn()")
    return tuple(page.evaluate(f"pixel({x}, {y})"))


def near(found: tuple[int, ...], wanted: tuple[int, ...], off: int = 12) -> bool:
    return all(abs(one - other) <= off for one, other in zip(found, wanted, strict=True))


def open_slides(page: Page, pdf: bytes) -> str:
    text = base64.b64encode(pdf).decode()
    found: str = page.evaluate("(text) => code(stage.slides.open(pdf(text)))", text)
    return found


def look(page: Page, name: str, shots: Path | None) -> None:
    if shots is not None:
        page.screenshot(path=shots / f"{name}.png")
