"""The words of notices: complete in both languages, discreet, and safe to edit."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from accounts.notices.kinds import IN_SUBJECTS, KINDS
from accounts.notices.models import Wording
from accounts.notices.wording import WordingText, check, default_of, load, short_of
from accounts.notices.wording.conditions import condition_in
from accounts.notices.wording.filling import BadPatternError, fill, names
from accounts.notices.wording.texts import defaults
from core.errors import FieldError
from core.words import CHINESE, ENGLISH, LANGUAGES

SUBJECT, BODY, ACTION = "Now: {starts}", "It has changed.\n\n{changes}", "Open the page"


def _check(**edited: str) -> list[FieldError]:
    words = {"subject": SUBJECT, "body": BODY, "action": ACTION, **edited}
    return check("changed", ENGLISH, **words)


def _told(faults: list[FieldError]) -> list[tuple[str, str]]:
    return [(fault.field, fault.message % fault.params) for fault in faults]


def test_every_kind_has_words_in_every_language() -> None:
    assert set(defaults()) == {(kind, language) for kind in KINDS for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_words_that_come_with_a_kind_pass_the_check_of_editors(kind: str, language: str) -> None:
    words = default_of(kind, language)
    faults = check(kind, language, subject=words.subject, body=words.body, action=words.action)
    assert _told(faults) == []


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_name_the_same_variables(kind: str) -> None:
    english, chinese = (default_of(kind, language) for language in (ENGLISH, CHINESE))
    assert names(english.body) == names(chinese.body)
    assert names(english.subject) == names(chinese.subject)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_messages_name_times_alone(language: str) -> None:
    texts = {kind: short_of(kind, language) for kind in KINDS}
    written = {kind: text for kind, text in texts.items() if text is not None}
    assert set(written) >= {"minutes_before", "changed", "cancelled", "host_asked"}
    for kind, text in written.items():
        assert names(text) <= (IN_SUBJECTS | {"left"}) & KINDS[kind].variables
        assert condition_in(text) is None


def test_wording_of_an_editor_takes_the_place_of_the_default(
    session: Session, now: datetime
) -> None:
    del now
    edited = {"subject": "Moved: {starts}", "body": "{changes}", "action": "Look"}
    at = datetime(2026, 11, 22, tzinfo=UTC)
    session.add(Wording(kind="changed", language=CHINESE, updated_at=at, **edited))
    session.add(Wording(kind="given_up", language=ENGLISH, updated_at=at, **edited))
    session.flush()
    loaded = load(session)
    assert loaded["changed", CHINESE] == WordingText(**edited)
    assert loaded["changed", ENGLISH] == default_of("changed", ENGLISH)
    assert set(loaded) == set(defaults())


def test_variables_are_filled_once_and_braces_can_be_written() -> None:
    filled = fill("{{{title}}} {starts}", {"title": "{starts}{0.__class__}", "starts": "now"})
    assert filled == "{{starts}{0.__class__}} now"


@pytest.mark.parametrize(
    "pattern",
    [
        "{title.__class__}",
        "{title[0]}",
        "{title!r}",
        "{title:>9}",
        "{}",
        "{0}",
        "{Title}",
        "{ title }",
        "{title",
        "title}",
        "{{title}",
        "{a{title}}",
    ],
)
def test_anything_but_a_name_in_braces_is_refused(pattern: str) -> None:
    with pytest.raises(BadPatternError):
        names(pattern)
    (fault, *_more) = _check(body=f"{BODY} {pattern}")
    assert (fault.field, "is no variable" in fault.message) == ("body", True)


def test_variable_that_is_not_there_is_refused_by_its_name() -> None:
    assert _told(_check(body=f"{BODY} {{begins}}", subject="{strats}")) == [
        ("subject", "There is no {strats} in this mail."),
        ("body", "There is no {begins} in this mail."),
    ]


def test_title_and_host_may_not_stand_in_a_subject_or_on_the_button() -> None:
    assert _told(_check(subject="{title}", action="{starts}")) == [
        ("subject", "{title} may stand in the text of the mail, not here."),
        ("action", "There is no {starts} in this mail."),
    ]


def test_what_a_mail_is_about_may_not_be_left_out() -> None:
    assert _told(_check(body="Something has changed.")) == [
        ("body", "Leave {changes} in: the mail is about it.")
    ]


@pytest.mark.parametrize(
    ("subject", "word"),
    [
        ("Your depression talk", "depression"),
        ("DEPRESSED? It begins", "depressed"),
        ("Dépression, now", "depression"),
        ("Bi\u200bpolar: it begins", "bipolar"),
        ("Bi\u00adpolar: it begins", "bipolar"),
        ("Ｂｉｐｏｌａｒ begins", "bipolar"),  # noqa: RUF001 -- wide letters
        ("A talk on self-harm", "self harm"),
        ("ADHD at work", "adhd"),
        ("Your psychiatrist writes", "psychiatrist"),
        ("抑郁的直播", "抑郁"),
        ("抑 郁 的直播", "抑郁"),
        ("关于双相障碍", "双相"),
        ("心理健康讲座", "心理"),
    ],
)
def test_subject_that_names_a_condition_is_refused_with_the_word(subject: str, word: str) -> None:
    assert condition_in(subject) == word
    (fault,) = _check(subject=subject)
    assert (fault.field, fault.params) == ("subject", {"word": word})


@pytest.mark.parametrize(
    "subject",
    [
        "Add it to your calendar",
        "A change of plans: {starts}",
        "We are sorry, it is cancelled",
        "Now at {starts}",
        "直播改到 {starts}",
        "明天见",
    ],
)
def test_subject_that_names_none_passes(subject: str) -> None:
    assert _check(subject=subject) == []


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Now: Sleep!", "Sleep"),
        ("night shifts and sleep", "sleep"),
        ("睡眠直播有变动", "睡眠"),
        ("Work and stress, moved", "Work and stress"),
    ],
)
def test_names_of_topics_are_refused_in_subjects(subject: str, name: str) -> None:
    topics = ("Sleep", "sleep", "睡眠", "Work and stress", "")
    words = {"body": BODY, "action": ACTION}
    (fault,) = check("changed", ENGLISH, subject=subject, conditions=topics, **words)
    assert str(fault.params["word"]).casefold() == name.casefold()
    assert check("changed", ENGLISH, subject="asleep yet", conditions=topics, **words) == []


@pytest.mark.parametrize(
    "ending",
    [
        "\nBcc: other@example.org",
        "\r\nX: y",
        "\x00",
        "\x1b[0m",
        "\u2028",
        "\u202e",
        "\ud800",
        "\x85",
    ],
)
def test_line_breaks_and_control_characters_are_refused(ending: str) -> None:
    one_line = "This has to be one line, without control characters."
    assert ("subject", one_line) in _told(_check(subject=f"Now{ending}"))
    assert ("action", one_line) in _told(_check(action=f"Open{ending}"))


def test_body_may_have_lines_and_no_control_characters() -> None:
    assert _check(body="One\r\ntwo\n\n{changes}") == []
    assert _told(_check(body="{changes}\x08")) == [("body", "There is a control character in it.")]


def test_lengths_have_an_end() -> None:
    assert _told(_check(subject="s" * 121, body="{changes}" + "b" * 4000, action="a" * 41)) == [
        ("subject", "Use at most 120 characters."),
        ("body", "Use at most 4000 characters."),
        ("action", "Use at most 40 characters."),
    ]


def test_nothing_is_refused() -> None:
    assert [fault.field for fault in _check(subject=" ", body="", action="")] == [
        "subject",
        "body",
        "body",
        "action",
    ]
