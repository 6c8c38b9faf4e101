"""The scripts of the demo talks are whole, kind and of the right length."""

# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

import json
import re
from pathlib import Path
from typing import Any

import pytest

from media.talks import ScriptInvalid, read_script
from media.talks.scripts import Script, script_from

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).parents[2] / "catalog" / "content" / "talks"
PATHS = sorted(FOLDER.glob("*.json"))
AUDIENCES = {"public", "patients", "relatives", "frontline", "workplaces"}
LENGTHS = {"en": (450, 800), "zh-Hans": (800, 1400)}


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def script(request: pytest.FixtureRequest) -> Script:
    path: Path = request.param
    script = read_script(path)
    assert script.key == path.stem
    return script


def spoken(script: Script) -> str:
    return " ".join(slide.say for slide in script.slides())


def length(script: Script) -> int:
    words = spoken(script)
    return len(words.split()) if script.language == "en" else len(re.sub(r"\s", "", words))


def test_there_are_four_talks_in_each_language_about_different_things() -> None:
    scripts = [read_script(path) for path in PATHS]
    languages = [script.language for script in scripts]
    assert (languages.count("en"), languages.count("zh-Hans")) >= (4, 4)
    assert len({(script.language, script.topics[0]) for script in scripts}) == len(scripts)
    assert len({script.title["en"] for script in scripts}) == len(scripts)


def test_a_script_lasts_three_to_six_minutes(script: Script) -> None:
    least, most = LENGTHS[script.language]
    assert least <= length(script) <= most


def test_a_script_has_chapters_and_slides_that_fit(script: Script) -> None:
    assert 4 <= len(script.chapters) <= 7
    assert set(script.audiences) <= AUDIENCES
    for slide in script.slides():
        assert len(slide.heading) <= 42
        assert all(len(line) <= 44 for line in slide.lines)
        assert 2 <= len(re.findall(r"[.!?。！？]+", slide.say)) <= 8


def test_it_opens_by_saying_what_it_is_and_where_help_is(script: Script) -> None:
    opening = next(script.slides()).say
    wanted = {
        "en": ("example talk", "education, not treatment", "Crisis help"),
        "zh-Hans": ("示例讲座", "科普知识，不能代替", "危机求助"),
    }[script.language]
    assert [words for words in wanted if words not in opening] == []


def test_it_ends_with_where_to_find_help(script: Script) -> None:
    closing = list(script.slides())[-1]
    assert closing.heading in {"Where to find help", "哪里可以得到帮助"}
    for words in {"en": ("Crisis help", "doctor"), "zh-Hans": ("12356", "120", "危机求助")}[
        script.language
    ]:
        assert words in closing.say


def test_it_names_no_dose_and_no_drug(script: Script) -> None:
    everything = json.dumps([slide.lines for slide in script.slides()]) + spoken(script)
    assert re.search(r"\d\s*(mg|ml|milligram|毫克|毫升|片)", everything, re.IGNORECASE) is None
    assert "committed suicide" not in everything
    assert "自杀成功" not in everything


def test_chinese_has_a_space_beside_figures_and_speaks_politely(script: Script) -> None:
    texts = [script.title["zh-Hans"], script.summary["zh-Hans"]]
    texts += [chapter.title["zh-Hans"] for chapter in script.chapters]
    for slide in script.slides():
        texts += [slide.heading, *slide.lines, slide.say]
    for text in texts:
        assert re.search(r"[\u4e00-\u9fff]\d|\d[\u4e00-\u9fff]", text) is None
    if script.language == "zh-Hans":
        assert "您" in spoken(script)
        assert "！" not in spoken(script)


def valid() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(PATHS[0].read_text("utf-8"))
    return data


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": {"en": "Only one"}}, "x.title"),
        ({"language": "fr"}, "x.language"),
        ({"chapters": []}, "x.chapters"),
        ({"topics": [3]}, "x.topics"),
        ({"colour": "red"}, "x.colour"),
        ({"chapters": [{"title": {"en": "a", "zh-Hans": "b"}, "slides": [{"heading": "h"}]}]},
         "x.chapters[1].slides[1].lines"),
    ],
)  # fmt: skip
def test_a_script_of_another_form_is_refused_with_its_place(
    change: dict[str, Any], where: str
) -> None:
    with pytest.raises(ScriptInvalid, match=re.escape(where)):
        script_from({**valid(), **change}, "x")


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{", "utf-8")
    with pytest.raises(ScriptInvalid, match=r"broken\.json"):
        read_script(path)


def test_a_drawing_is_the_topic_unless_the_slide_names_another() -> None:
    data = valid()
    data["chapters"][0]["slides"][0]["drawing"] = "ocd"
    slides = list(script_from(data, "x").slides())
    assert [slide.drawing for slide in slides[:2]] == ["ocd", data["topics"][0]]
