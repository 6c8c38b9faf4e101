"""One picture and one sound out of camera, screen and card, in a real browser."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.e2e.stage import bench
from tests.e2e.stage.watching import (
    CARD_GROUND,
    RECORD_TRACKS,
    begin,
    look,
    near,
    open_bench,
    open_slides,
    pixel,
    wait,
)

pytestmark = pytest.mark.e2e


def test_one_picture_and_one_sound_track_stay_the_same_in_every_layout(
    page: Page, shots: Path | None
) -> None:
    begin(page)
    assert open_slides(page, bench.write_pdf()) == ""
    tab = page.context.new_page()
    tab.goto(page.url + "tab")
    page.bring_to_front()
    page.evaluate("stage.share('screen')")
    for layout in ("camera", "screen", "screen_camera", "slides", "slides_camera"):
        page.evaluate(f"stage.show('{layout}')")
        page.evaluate("drawn()")
        look(page, layout, shots)
        kinds = page.evaluate("stage.stream.getTracks().map((one) => [one.kind, one.readyState])")
        assert sorted(kinds) == [["audio", "live"], ["video", "live"]]
        assert page.evaluate("stage.stream.getTracks().every((one, at) => one === tracks[at])")
    settings = page.evaluate("stage.stream.getVideoTracks()[0].getSettings()")
    assert (settings["width"], settings["height"]) == (1280, 720)


def test_camera_off_shows_the_card_and_lets_the_device_go(page: Page, shots: Path | None) -> None:
    page.evaluate(RECORD_TRACKS)
    begin(page)
    assert not near(pixel(page, 10, 10), CARD_GROUND)
    assert page.evaluate("stage.preview.hasAttribute('data-mirrored')")
    page.evaluate("stage.camera(false)")
    assert near(pixel(page, 10, 10), CARD_GROUND)
    assert page.evaluate("given.find((one) => one.kind === 'video').readyState") == "ended"
    assert not page.evaluate("stage.preview.hasAttribute('data-mirrored')")
    look(page, "card", shots)
    page.evaluate("stage.camera(true)")
    wait(page, "stage.picture === 'clear' || stage.picture === 'dark'")
    assert not near(pixel(page, 10, 10), CARD_GROUND)


def test_shared_tab_is_shown_and_its_end_brings_the_former_layout_back(
    playwright: Playwright, address: str, shots: Path | None
) -> None:
    """Fake devices make the shared tab a fake as well, so there are none here and no camera."""
    chromium = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=[one for one in bench.FAKES if "--use-fake" not in one],
    )
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    open_bench(page, address)
    tab = page.context.new_page()
    tab.goto(page.url + "tab")
    page.bring_to_front()
    page.evaluate("stage.share()")
    assert page.evaluate("[stage.sharing, stage.layout]") == [True, "screen_camera"]
    wait(page, "pixel(640, 360)[0] > 225")  # the first picture of a tab takes a moment
    assert near(pixel(page, 640, 360), (255, 128, 0), 20)
    look(page, "shared", shots)
    tab.close()  # as "stop sharing" does
    wait(page, "!stage.sharing")
    assert page.evaluate("[stage.layout, told]") == ["camera", [["ended-screen", ""]]]
    assert near(pixel(page, 10, 10), CARD_GROUND)
    chromium.close()


def test_end_of_sharing_by_the_host_brings_the_former_layout_back(page: Page) -> None:
    begin(page)
    page.evaluate("stage.show('slides')")
    page.evaluate("stage.share('screen')")
    assert page.evaluate("[stage.sharing, stage.layout]") == [True, "screen"]
    page.evaluate("stage.unshare()")
    assert page.evaluate("[stage.sharing, stage.layout]") == [False, "slides"]


COUNT = """() => {
  globalThis.frames = new Set();
  globalThis.count = 0;
  const track = stage.stream.getVideoTracks()[0].clone();
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const pen = new OffscreenCanvas(64, 36).getContext("2d", { willReadFrequently: true });
  (async () => {
    for (;;) {
      const { value } = await reader.read();
      pen.drawImage(value, 0, 0, 64, 36);
      value.close();
      frames.add(pen.getImageData(0, 0, 64, 36).data.join());
      count++;
    }
  })();
}"""

RATE = """async () => {
  frames.clear();
  const from = count;
  const begun = performance.now();
  while (performance.now() - begun < 5000) await new Promise((go) => setTimeout(go, 1000));
  return [(count - from) / ((performance.now() - begun) / 1000), frames.size];
}"""


def test_picture_goes_on_while_another_tab_is_in_front(
    playwright: Playwright, address: str, tmp_path: Path
) -> None:
    """Playwright keeps every page visible by itself, so the browser is started as people do."""
    program = shutil.which("chromium") or ""
    with bench.bare_chromium(program, tmp_path / "profile", *bench.FAKES) as debug:
        chromium = playwright.chromium.connect_over_cdp(debug, no_defaults=True)
        context = chromium.contexts[0]
        page = context.pages[0]
        open_bench(page, address)
        begin(page)
        page.evaluate(COUNT)
        front, _moved = page.evaluate(RATE)
        other = context.new_page()
        other.goto(address + "/tab")
        other.bring_to_front()
        wait(page, "document.visibilityState === 'hidden'")
        rate, moved = page.evaluate(RATE)
        hidden = page.evaluate("document.visibilityState")
        chromium.close()
    assert hidden == "hidden"
    # 30 on a machine with nothing else to do; one that is busy draws less, but no less for hiding
    assert rate >= min(20, 0.7 * front), f"{rate:.1f} pictures a second, {front:.1f} in front"
    assert moved >= 0.7 * rate * 5, f"{moved} different pictures in five seconds"
