"""What editors are shown of a notice is what its source would say."""

import pytest

from accounts.notices.times import written
from accounts.notices.wording.samples import STARTS, WAS, ZONES, sample_say
from core.words import CHINESE, ENGLISH, LANGUAGES
from scheduler.notices.phrases import HOST_WANTED, NEW_HOST, NEW_START

pytestmark = pytest.mark.unit

BEFORE = {ENGLISH: "Dr Jonas Weber", CHINESE: "\u5468\u660e\u533b\u751f"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_of_a_change_is_in_the_words_of_its_source(language: str) -> None:
    values = sample_say("changed", language).values
    starts, was = (written(at, ZONES[language], language) for at in (STARTS, WAS))
    hosts = {"host": values["host"], "before": BEFORE[language]}
    assert values["changes"].split("\n") == [
        NEW_START[language].format(starts=starts, was=was),
        NEW_HOST[language].format(**hosts),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_of_a_note_is_what_is_really_noted(language: str) -> None:
    assert sample_say("day_before", language).values["note"] == HOST_WANTED[language]
