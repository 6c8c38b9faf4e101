"""Words that are ready: complete in both languages, and enough of them."""

from itertools import groupby

import pytest

from core.words import LANGUAGES
from streams.triage.replies import GROUPS, prepared_replies, redirect_words

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
    said = redirect_words(redirect)
    assert said is not None
    assert set(said.title) == set(said.text) == set(LANGUAGES)


def test_no_redirect_has_no_words() -> None:
    assert redirect_words("") is None


def test_every_reply_stands_in_a_group_and_groups_stand_together() -> None:
    groups = [reply.group for reply in prepared_replies()]
    assert [name for name, _run in groupby(groups)] == list(GROUPS)
