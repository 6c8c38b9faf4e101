"""Talks made for real: eSpeak NG, slides, ffmpeg."""

# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

import array
import json
import re
import shutil
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from media.binaries import ffmpeg_path, ffprobe_path
from media.feeds.ports import Fitness, Shape
from media.process import run_checked
from media.talks import Talk, TalkImpossible, espeak, lettering, make_talk, pillow
from media.talks.drawing import Drawing, drawing_from
from media.talks.espeak import EspeakVoice
from media.talks.palette import HUES
from media.talks.scripts import Script, script_from
from media.talks.sentences import sentences_of
from media.talks.soundtrack import speak_script
from tests.fakes.feeds import feed_of

pytestmark = pytest.mark.integration

WEB = Path(__file__).parents[2] / "web"
SYMBOLS = {
    slug: markup
    for markup, slug in re.findall(
        r'(<symbol id="art-([^"]+)".*?</symbol>)',
        (WEB / "templates" / "symbols.svg").read_text("utf-8"),
        re.DOTALL,
    )
}
LOUD = 300  # of 32,767: speech, not its fading


def short_script(language: str, *says: str) -> Script:
    words = {"en": "Calm", "zh-Hans": "平静"}
    slides = [{"heading": words[language], "lines": [words[language]], "say": say} for say in says]
    return script_from(
        {
            "key": "short",
            "language": language,
            "topics": ["anxiety"],
            "title": words,
            "summary": words,
            "host": "lin",
            "audiences": ["public"],
            "voice": "low",
            "chapters": [{"title": words, "slides": [slide]} for slide in slides],
        },
        "short",
    )


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    folder = tmp_path_factory.mktemp("talk")
    script = short_script("en", "This wave will pass.", "You are still here.")
    yield make_talk(script, folder, host="Dr. Lin Wei (Example)", drawings=SYMBOLS)
    shutil.rmtree(folder)


def probe(file: Path, *what: str) -> dict[str, Any]:
    done = run_checked([ffprobe_path(), "-v", "error", *what, "-of", "json", file], timeout=30)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_talk_is_h264_and_aac_of_the_stated_length(talk: Talk) -> None:
    facts = probe(talk.file, "-show_streams", "-show_format")
    video, audio = facts["streams"]
    assert (video["codec_name"], video["profile"], video["has_b_frames"]) == ("h264", "High", 0)
    assert (video["width"], video["height"], video["r_frame_rate"]) == (1280, 720, "15/1")
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == ("aac", "48000", 2)
    assert talk.duration_ms % 1000 == 0
    assert float(facts["format"]["duration"]) == pytest.approx(talk.duration_ms / 1000, abs=0.03)
    assert float(video["duration"]) == talk.duration_ms / 1000
    assert talk.file.read_bytes().index(b"moov") < 100  # before the media: players begin at once


def test_a_talk_has_a_keyframe_each_second_and_nowhere_else(talk: Talk) -> None:
    packets = probe(talk.file, "-select_streams", "v", "-show_entries", "packet=pts_time,flags")
    keys = [float(one["pts_time"]) for one in packets["packets"] if "K" in one["flags"]]
    assert keys == [float(second) for second in range(talk.duration_ms // 1000)]


def test_a_talk_that_is_pushed_is_copied_and_not_encoded(talk: Talk, tmp_path: Path) -> None:
    pushed = run_checked(
        [ffmpeg_path(), "-v", "error", "-i", talk.file, "-c", "copy", "-f", "flv", "-"], timeout=30
    )
    feed = feed_of(tmp_path, pushed.stdout)
    assert feed.shape() == Shape("avc", 1280, 720, 15.0, "aac", 48_000, 2)
    assert feed.fitness() is Fitness.FIT


def test_captions_and_chapters_of_a_talk_say_what_was_said(talk: Talk) -> None:
    assert [cue.text for cue in talk.captions] == ["This wave will pass.", "You are still here."]
    assert [words["en"] for _, _, words in talk.chapters] == ["Calm", "Calm"]
    assert talk.chapters[0][0] == 0
    assert talk.chapters[-1][1] == talk.duration_ms
    assert talk.captions[-1].end_ms < talk.duration_ms


def test_captions_are_exact_in_the_finished_file(talk: Talk) -> None:
    sound = run_checked(
        [ffmpeg_path(), "-v", "error", "-i", talk.file, "-f", "s16le", "-ac", "1", "-ar", "8000",
         "-"],
        timeout=30,
    )  # fmt: skip
    samples = array.array("h", sound.stdout)
    loud = [index / 8 for index, sample in enumerate(samples) if abs(sample) > LOUD]  # in ms
    first = loud[0]
    second = next(here for before, here in pairwise(loud) if here > before + 500)
    assert first == pytest.approx(talk.captions[0].start_ms, abs=50)
    assert second == pytest.approx(talk.captions[1].start_ms, abs=50)
    assert loud[-1] == pytest.approx(talk.captions[1].end_ms, abs=50)


def test_a_talk_is_as_loud_as_everything_we_publish(talk: Talk) -> None:
    heard = run_checked(
        [ffmpeg_path(), "-hide_banner", "-nostats", "-i", talk.file, "-vn",
         "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"],
        timeout=30,
    )  # fmt: skip
    report = heard.stderr.decode()
    assert float(re.findall(r"I:\s+(\S+) LUFS", report)[-1]) == pytest.approx(-16, abs=0.7)
    assert float(re.findall(r"Peak:\s+(\S+) dBFS", report)[-1]) < -0.5


def test_captions_are_exact_against_the_speech_itself() -> None:
    says = "睡不着的时候，先不要看钟。请拨打12356。"
    script = short_script("zh-Hans", says)
    voice = EspeakVoice("zh-Hans", "high")
    track = speak_script(script, voice)
    lengths = [voice.speak(sentence).samples for sentence in sentences_of(says)]
    first, second = track.cues
    assert first.start_ms == 900
    assert second.start_ms - first.start_ms == pytest.approx(
        lengths[0] * 1000 / track.rate + 380, abs=1
    )
    assert second.end_ms - second.start_ms == pytest.approx(lengths[1] * 1000 / track.rate, abs=1)


def test_a_caption_in_the_middle_of_a_sentence_begins_at_its_word() -> None:
    sentence = "Long ago, far away, and in another town entirely; rain fell, day after day."
    speech = EspeakVoice("en", "low").speak(sentence)
    begin = speech.sample_of(sentence.index("rain"))
    samples = array.array("h", speech.pcm)
    near = samples[begin - speech.rate // 10 : begin]
    assert max(map(abs, near[: len(near) // 2])) < LOUD  # the pause of the semicolon
    assert max(map(abs, samples[begin : begin + speech.rate // 4])) > LOUD


def test_chinese_is_spoken_as_chinese() -> None:
    spoken = EspeakVoice("zh-Hans", "low").speak("你好，平静")
    seconds = spoken.samples / spoken.rate
    assert 0.8 < seconds < 3.5  # five syllables; read as names of letters it lasts much longer


def test_a_telephone_number_lasts_as_long_as_its_digits() -> None:
    voice = EspeakVoice("en", "low")
    digits = voice.speak("Call 9 8 8.")
    assert voice.speak("Call 988.").samples == pytest.approx(digits.samples, abs=100)


def test_a_long_path_of_the_data_is_made_short(tmp_path: Path) -> None:
    long = tmp_path.joinpath(*["deep" * 10] * 4)
    long.mkdir(parents=True)
    (long / "file").touch()
    short = espeak.short_path(long)
    assert len(str(short)) <= espeak.LONGEST_PATH
    assert (short / "file").exists()
    assert espeak.short_path(Path("/short")) == Path("/short")


def test_without_the_synthesiser_the_reason_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espeak, "find_spec", lambda _: None)
    espeak.load_library.cache_clear()
    with pytest.raises(TalkImpossible) as refused:
        make_talk(short_script("en", "A."), tmp_path, host="x", drawings={})
    assert str(refused.value) == "Talks cannot be made here: espeakng-loader is not installed."
    assert list(tmp_path.iterdir()) == []


def test_without_fonts_or_pillow_the_reason_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lettering, "find_spec", lambda _: None)
    lettering.font.cache_clear()
    with pytest.raises(TalkImpossible, match="pylopdf-fonts-zh-cn"):
        make_talk(short_script("en", "A."), tmp_path, host="x", drawings={})
    monkeypatch.setattr(pillow, "installed", False)
    with pytest.raises(TalkImpossible, match="pillow"):
        make_talk(short_script("en", "A."), tmp_path, host="x", drawings={})


def test_progress_can_stop_the_making(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        make_talk(short_script("en", "A."), tmp_path, host="x", drawings={}, progress=stop)


def test_the_long_program_can_be_run_by_the_caller(tmp_path: Path) -> None:
    runs: list[tuple[bytes, int]] = []

    def run(arguments: list[str], folder: Path, duration_us: int) -> None:
        assert (folder / "speech.wav").exists()
        runs.append((run_checked(arguments, timeout=60).stdout, duration_us))

    talk = make_talk(short_script("en", "A."), tmp_path, host="x", drawings={}, encode=run)
    ((report, duration_us),) = runs
    assert duration_us == talk.duration_ms * 1000
    assert re.findall(rb"out_time_us=(\d+)", report)[-1] == str(duration_us).encode()
    assert talk.file.stat().st_size > 10_000


def test_only_the_talk_is_left_in_the_folder(talk: Talk) -> None:
    assert list(talk.file.parent.iterdir()) == [talk.file]


def test_lines_and_dot_of_a_symbol_are_found() -> None:
    markup = (
        '<symbol xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180">'
        '<path d="M10 20h30v-5l.5.5-1-1"/><path d="M0 0C0 10 10 10 10 0S20-10 20 0"/>'
        '<circle cx="1" cy="2" r="3"/><circle class="dot" cx="4" cy="5" r="6"/></symbol>'
    )
    drawing = drawing_from(markup)
    assert drawing.lines[0] == (10 + 20j, 40 + 20j, 40 + 15j, 40.5 + 15.5j, 39.5 + 14.5j)
    assert drawing.lines[1][-1] == 20
    assert min(point.imag for point in drawing.lines[1]) == pytest.approx(-7.5, abs=0.1)
    assert {round(abs(point - (1 + 2j)), 6) for point in drawing.lines[2]} == {3.0}
    assert drawing.dot == (4 + 5j, 6.0)


def test_an_arc_goes_the_way_that_its_flags_say() -> None:
    def middle(large: int, sweep: int) -> complex:
        (line,) = drawing_from(f'<g><path d="M-1 0A1 1 0 {large} {sweep} 0 1"/></g>').lines
        return line[len(line) // 2]

    near, far = 0j, -1 + 1j  # the two centres a quarter circle can have
    assert abs(middle(0, 0) - near) == pytest.approx(1)
    assert abs(middle(1, 1) - near) > 0.9
    assert abs(middle(0, 1) - far) == pytest.approx(1)
    assert abs(middle(0, 1) - near) < 0.5
    assert abs(middle(1, 0) - far) > 1 - 1e-6


@pytest.mark.parametrize("slug", sorted(SYMBOLS))
def test_every_drawing_of_ours_is_understood(slug: str) -> None:
    drawing = drawing_from(SYMBOLS[slug])
    assert drawing.lines
    assert drawing.dot is not None
    assert drawing == Drawing(drawing.lines, drawing.dot)


def test_colours_are_those_of_the_site() -> None:
    tokens = (WEB / "frontend" / "styles" / "tokens.css").read_text("utf-8")
    light = dict(reversed(re.findall(r"--c-([a-z-]+):\s*(#[0-9a-f]{6})", tokens)))
    for slug, hue in HUES.items():
        assert light[slug] == hue.words
        assert light[f"{slug}-mid"] == hue.mid
        assert light[f"{slug}-tint"] == hue.tint
        assert light[f"{slug}-glow"] == hue.glow
    assert light["paper"] == sys.modules["media.talks.palette"].PAPER
