from datetime import UTC, datetime, timedelta

import pytest

from accounts.notices.enums import Category, Pace
from accounts.notices.kinds import IN_SUBJECTS, KINDS
from accounts.notices.paces import pace_in, paces_of
from accounts.notices.wording.filling import names
from accounts.notices.wording.texts import default_of
from catalog.follows.enums import Followed
from catalog.follows.forms import subjects_in
from catalog.follows.rules import MOST, VISIT, Subject, is_new_visit, seen_until, subject_in
from core.errors import InvalidInput
from core.words import LANGUAGES

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=4)
OURS = [name for name, kind in KINDS.items() if kind.category is Category.FOLLOWS]


@pytest.mark.parametrize("kind", Followed)
def test_key_of_a_subject_names_it_again(kind: Followed) -> None:
    subject = Subject(kind, "sleep")
    assert subject_in(subject.key) == subject


@pytest.mark.parametrize(
    "key",
    [
        *("", "topic", "topic:", "sleep", "livestream:abc", "Topic:sleep"),
        *("host:../../x", "series:a b", "topic:\x00", "topic:眠", f"topic:{'a' * 41}"),
    ],
)
def test_key_that_names_nothing_is_refused(key: str) -> None:
    assert subject_in(key) is None
    with pytest.raises(InvalidInput):
        subjects_in(["topic:sleep", key])


def test_form_names_at_least_one_thing_and_no_more_than_a_page_shows() -> None:
    assert subjects_in(["topic:sleep"]) == (Subject(Followed.TOPIC, "sleep"),)
    for keys in ([], ["topic:sleep"] * (MOST + 1)):
        with pytest.raises(InvalidInput):
            subjects_in(keys)


def test_page_loaded_twice_in_one_visit_says_twice_what_is_new() -> None:
    begun = NOW - VISIT + timedelta(seconds=1)
    assert not is_new_visit(visited_at=begun, now=NOW)
    assert seen_until(seen_at=BEFORE, visited_at=begun, now=NOW) == BEFORE


def test_next_visit_has_seen_what_was_there_when_the_last_one_began() -> None:
    begun = NOW - VISIT
    assert is_new_visit(visited_at=begun, now=NOW)
    assert seen_until(seen_at=BEFORE, visited_at=begun, now=NOW) == begun


def test_nobody_who_follows_has_asked_for_mails_by_it() -> None:
    assert pace_in({}, Category.FOLLOWS) is Pace.OFF
    assert set(paces_of(Category.FOLLOWS)) == set(Pace)
    assert pace_in({"follows": "at_once"}, Category.FOLLOWS) is Pace.AT_ONCE


def test_mails_about_follows_keep_quiet_and_can_be_off() -> None:
    assert OURS == ["new_for_you", "replay_for_you"]
    assert all(KINDS[name].has_quiet_hours and KINDS[name].can_be_off for name in OURS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", OURS)
def test_subject_of_such_a_mail_names_times_alone(kind: str, language: str) -> None:
    assert names(default_of(kind, language).subject) <= IN_SUBJECTS
