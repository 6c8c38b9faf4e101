"""Devices that are lost, refused, remembered and tried, in a real browser with fake ones."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.stage import bench
from tests.e2e.stage.watching import (
    CARD_GROUND,
    RECORD_TRACKS,
    begin,
    look,
    near,
    open_bench,
    pixel,
    wait,
)

pytestmark = pytest.mark.e2e


def test_test_recording_plays_with_its_sound(page: Page) -> None:
    begin(page)
    found = page.evaluate(
        """async () => {
          const blob = await stage.record(5);
          const video = document.createElement("video");
          video.src = URL.createObjectURL(blob);
          const context = new AudioContext();
          const heard = context.createAnalyser();
          context.createMediaElementSource(video).connect(heard);
          await video.play();
          const block = new Float32Array(heard.fftSize);
          let loudest = 0;
          while (!video.ended && video.currentTime < 4 && loudest < 0.01) {
            heard.getFloatTimeDomainData(block);
            loudest = Math.max(loudest, ...block.map(Math.abs));
            await new Promise((go) => setTimeout(go, 50));
          }
          return { loudest, type: blob.type, wide: video.videoWidth };
        }"""
    )
    assert found["wide"] == 1280
    assert found["loudest"] > 0.01  # the fake microphone beeps once a second
    assert found["type"].startswith("video/")


def test_muted_voice_is_silence_and_the_sound_track_goes_on(page: Page) -> None:
    begin(page)
    wait(page, "stage.level() > 0.2")
    page.evaluate("stage.microphone(false)")
    wait(page, "stage.level() === 0")
    assert page.evaluate("[stage.voice, stage.stream.getAudioTracks()[0].readyState]") == [
        "off",
        "live",
    ]
    page.evaluate("stage.microphone(true)")
    wait(page, "stage.level() > 0.2")
    facts = page.evaluate("stage.facts(4800)")
    assert facts["camera"] == "1280x720@30"
    assert facts["browser"].startswith("Chromium ")
    assert (facts["microphone_level"] > 0, facts["uplink_kbits"]) == (True, 4800)


LOSE = """(kind) => {
  const list = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  const track = given.filter((one) => one.kind === kind).at(-1);
  const id = track.getSettings().deviceId;
  globalThis.back = () => {
    navigator.mediaDevices.enumerateDevices = list;
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  };
  navigator.mediaDevices.enumerateDevices = async () =>
    (await list()).filter((one) => one.deviceId !== id && one.deviceId !== "default");
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""


def test_lost_camera_is_told_shows_the_card_and_is_taken_again(
    page: Page, shots: Path | None
) -> None:
    page.evaluate(RECORD_TRACKS)
    begin(page)
    used = page.evaluate("stage.devices().then((all) => all.filter((one) => one.used))")
    assert sorted(one["kind"] for one in used) == ["camera", "microphone"]
    page.evaluate(LOSE, "video")
    wait(page, "told.length === 1")
    assert page.evaluate("[stage.picture, told[0]]") == ["lost", ["device-lost", "camera"]]
    assert near(pixel(page, 10, 10), CARD_GROUND)
    look(page, "lost", shots)
    page.evaluate("back()")
    wait(page, "told.length === 2")
    assert page.evaluate("told[1]") == ["device-back", "camera"]
    wait(page, "stage.picture !== 'lost'")


def test_lost_microphone_is_stood_in_for_and_taken_again(page: Page) -> None:
    page.evaluate(RECORD_TRACKS)
    begin(page)
    page.evaluate(LOSE, "audio")
    wait(page, "told.length === 1")
    used = (
        "stage.devices().then((all) => all.filter((one) => one.used && one.kind === 'microphone'))"
    )
    assert len(page.evaluate(used)) == 1
    wait(page, "stage.level() > 0.2")
    page.evaluate("back()")
    wait(page, "told.length === 2")
    assert page.evaluate("told[1]") == ["device-back", "microphone"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("NotAllowedError", "refused"),
        ("NotFoundError", "none_found"),
        ("NotReadableError", "in_use"),
        ("OverconstrainedError", "gone"),
    ],
)
def test_device_that_cannot_be_had_is_named_with_a_remedy(
    page: Page, error: str, code: str
) -> None:
    page.evaluate(
        """(name) => {
          navigator.permissions.query = () => Promise.reject(new Error());
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", name));
        }""",
        error,
    )
    assert page.evaluate("code(stage.open())") == code
    words = page.evaluate("stage.troubles.camera.message")
    assert words == bench.WORDS["troubles"][code]
    assert near(pixel(page, 10, 10), CARD_GROUND)  # the stream goes on with the card


def test_without_https_the_remedy_is_the_other_address(page: Page) -> None:
    page.evaluate(
        """() => {
          Object.defineProperty(navigator, "mediaDevices", { value: undefined });
          Object.defineProperty(globalThis, "isSecureContext", { value: false });
        }"""
    )
    assert page.evaluate("code(stage.open())") == "insecure"


def test_choice_is_remembered_by_the_browser(page: Page, address: str) -> None:
    begin(page)
    cameras = page.evaluate(
        "stage.devices().then((all) => all.filter((one) => one.kind === 'camera'))"
    )
    other = next(one["id"] for one in cameras if not one["used"])
    page.evaluate("(id) => stage.open({ camera: id })", other)
    open_bench(page, address)
    begin(page)
    used = "stage.devices().then((all) => all.find((one) => one.used && one.kind === 'camera').id)"
    assert page.evaluate(used) == other


def test_line_is_measured_in_plain_words(page: Page) -> None:
    found = page.evaluate(
        "(words) => testUplink({ url: '/uplink', token: 't' }, words, 1)", bench.WORDS["uplink"]
    )
    assert found["kbits"] > 0
    assert found["verdict"] in {"good", "tight", "poor"}
    assert "Mbit/s up" in found["words"]
    gone = page.evaluate(
        "(words) => testUplink({ url: 'http://127.0.0.1:1/', token: 't' }, words, 1)",
        bench.WORDS["uplink"],
    )
    assert (gone["kbits"], gone["verdict"]) == (0, "failed")
