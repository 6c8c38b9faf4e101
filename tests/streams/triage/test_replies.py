"""Words that are ready: complete in both languages, and enough of them."""

import pytest

from core.words import LANGUAGES
from streams.triage.replies import prepared_replies, redirect_text

pytestmark = pytest.mark.unit


def test_a_dozen_replies_are_ready_in_every_language() -> None:
    replies = prepared_replies()
    assert len(replies) >= 12
    assert len({reply.id for reply in replies}) == len(replies)
    for reply in replies:
        for words in (reply.title, reply.text):
            assert (reply.id, set(words)) == (reply.id, set(LANGUAGES))
            assert all(text.strip() == text != "" for text in words.values())


def test_what_is_urgent_stands_first_and_names_help() -> None:
    first = prepared_replies()[0]
    assert first.id == "emergency"
    assert "Crisis help" in first.text["en"]
    assert "危机求助" in first.text["zh-Hans"]


@pytest.mark.parametrize("redirect", ["diagnosis", "dosing"])
def test_a_redirect_has_words_in_every_language(redirect: str) -> None:
    assert set(redirect_text(redirect)) == set(LANGUAGES)


def test_no_redirect_has_no_words() -> None:
    assert redirect_text("") == {}
