"""Text messages: short, discreet, and counted as networks count them."""

from dataclasses import replace
from typing import Any

import pytest

from accounts.notices.composing import compose
from accounts.notices.composing.texting import parts_of, text_message
from accounts.notices.enums import Channel
from accounts.notices.ports import Due
from accounts.notices.wording.conditions import condition_in
from accounts.notices.wording.samples import sample_due, sample_say
from accounts.notices.wording.texts import defaults
from core.words import ENGLISH
from tests.fakes.letters import EVERY


def _text(
    kind: str,
    language: str,
    **changes: Any,  # noqa: ANN401 -- fields of Say
) -> tuple[str, Due]:
    due = sample_due(kind, language, channel=Channel.SMS)
    say = replace(sample_say(kind, language), **changes)
    return compose(due, say, defaults()).content.decode(), due


TEXTED = [
    (kind, language)
    for kind, language in EVERY
    if kind
    in {
        "minutes_before",
        "changed",
        "cancelled",
        "not_held",
        "host_asked",
        "host_changed",
        "host_cancelled",
        "host_minutes_before",
        "duty_changed",
        "duty_cancelled",
        "duty_minutes_before",
    }
]


@pytest.mark.parametrize(("kind", "language"), TEXTED)
def test_text_message_is_short_discreet_and_leads_to_the_page(kind: str, language: str) -> None:
    text, due = _text(kind, language)
    assert parts_of(text) <= 2
    assert condition_in(text.split("https://")[0]) is None
    assert text.endswith(sample_say(kind, language).link)
    assert compose(due, sample_say(kind, language), defaults()).to == "+441632960001"


def test_accent_does_not_halve_the_room_of_a_text_message() -> None:
    values = {**sample_say("changed", ENGLISH).values, "starts": "12:00 (Asunción, UTC-3)"}
    text, _due = _text("changed", ENGLISH, values=values)
    assert "(Asuncion, UTC-3)" in text
    assert parts_of("Asunción" + "a" * 100) == 2
    assert parts_of("Asuncion" + "a" * 100) == 1


def test_text_message_that_is_too_long_goes_without_its_address() -> None:
    assert text_message("{a}", {"a": "a" * 300}, "https://example.org/1234") == "a" * 300
    shortened = text_message("{a}", {"a": "直" * 200}, "")
    assert (parts_of(shortened), len(shortened), shortened[-1]) == (2, 134, "…")


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2)],
)
def test_parts_of_the_small_alphabet(text: str, parts: int) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(("size", "parts"), [(70, 1), (71, 2), (134, 2), (135, 3)])
def test_parts_of_all_other_letters(size: int, parts: int) -> None:
    assert parts_of("直" * size) == parts


def test_kind_without_a_text_message_is_refused() -> None:
    with pytest.raises(KeyError, match="licence_due"):
        _text("licence_due", ENGLISH)
