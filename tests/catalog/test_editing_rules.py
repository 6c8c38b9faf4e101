"""Contents, differences, signatures and faults of editing, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict

from catalog.demo.content import example_topics
from catalog.editing.forms import base_of, read, values_of
from catalog.editing.rules.contents import Base, Content, Subject, fingerprint, flat, nested, normal
from catalog.editing.rules.differences import Change, changes, differences
from catalog.editing.rules.faults import content_faults, slug_faults
from catalog.editing.rules.lengths import length_of
from catalog.editing.rules.signatures import Review, after_review, choice_of, is_kept, is_withdrawn
from catalog.enums import RevisionKind

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
TOPIC = Subject(RevisionKind.TOPIC, "sleep")


def topic(**changed: Any) -> Content:  # noqa: ANN401
    example = next(one for one in example_topics() if one.slug == "sleep")
    raw = {
        "names": example.names,
        "descriptions": example.descriptions,
        "risk": example.risk,
        "position": example.position,
        "words": example.words,
    }
    return normal(RevisionKind.TOPIC, raw | changed)


SIGNATURE = {
    "reviewed_by": "Dr. Chen",
    "reviewed_at": NOW - timedelta(days=30),
    "review_due_at": NOW + timedelta(days=335),
}


@pytest.mark.parametrize("example", example_topics(), ids=lambda example: example.slug)
def test_a_form_gives_back_what_it_was_filled_with(example: Any) -> None:  # noqa: ANN401
    content = topic(names=example.names, words=example.words)
    form = MultiDict(values_of(content, content))
    assert read(TOPIC, form, live=content, before=content, now=NOW) == content
    assert fingerprint(content) == fingerprint(topic(names=example.names, words=example.words))
    assert content_faults(RevisionKind.TOPIC, content, NOW) == []


def test_normal_form_is_the_same_for_rows_and_forms() -> None:
    raw = {"titles": {"en": " Nights\r\n", "zh-Hans": "", "fr": "Nuits"}, "livestreams": "b\na\nb"}
    assert normal(RevisionKind.SERIES, raw) == {
        "titles": {"en": "Nights"},
        "descriptions": {},
        "livestreams": ["b", "a"],
    }
    assert normal(RevisionKind.HOST, {"names": "no words", "initials": "\x00L"})["initials"] == "L"


def test_emptied_entries_go_and_half_filled_ones_stay() -> None:
    fields = {
        "words.en.terms.10.term": "Body clock",
        "words.en.terms.2.term": "Insomnia",
        "words.en.terms.2.meaning": "Trouble sleeping.",
        "words.en.terms.3.meaning": "  ",
        "words.en.terms.x.term": "nowhere",
    }
    assert normal(RevisionKind.TOPIC, nested(fields))["words"]["en"]["terms"] == [
        {"term": "Insomnia", "meaning": "Trouble sleeping."},
        {"term": "Body clock", "meaning": ""},
    ]


@given(some.dictionaries(some.text(max_size=12), some.text(max_size=12), max_size=8))
def test_whatever_is_sent_becomes_a_content(fields: dict[str, str]) -> None:
    for kind in RevisionKind:
        made = normal(kind, nested(fields))
        assert normal(kind, made) == made
        assert all(isinstance(text, str) for text in flat(made).values())


@given(some.text("ab 的睡, .", max_size=40), some.text("ab 的睡, .", max_size=40))
def test_both_texts_can_be_read_from_their_differences(old: str, new: str) -> None:
    pieces = list(changes(old, new))
    assert "".join(text for change, text in pieces if change != Change.ADDED) == old
    assert "".join(text for change, text in pieces if change != Change.REMOVED) == new


def test_differences_are_by_word_and_in_chinese_by_character() -> None:
    assert list(changes("Sleep is good.", "Sleep was good.")) == [
        (Change.SAME, "Sleep "),
        (Change.REMOVED, "is"),
        (Change.ADDED, "was"),
        (Change.SAME, " good."),
    ]
    assert list(changes("睡眠很好", "睡眠不好")) == [
        (Change.SAME, "睡眠"),
        (Change.REMOVED, "很"),
        (Change.ADDED, "不"),
        (Change.SAME, "好"),
    ]


def test_differences_name_each_field_that_changed() -> None:
    old, new = topic(), topic(names={"en": "Rest"}, position=9)
    assert [one.field for one in differences(old, new)] == ["names.en", "position", "names.zh-Hans"]


# Signatures


def test_change_of_signed_words_withdraws_the_signature() -> None:
    live = topic(**SIGNATURE)
    changed = topic(**SIGNATURE, names={"en": "Rest"})
    left = after_review(live, changed, "unchanged", NOW)
    assert (left["reviewed_by"], left["reviewed_at"]) == ("", "")
    assert is_withdrawn(live, left)
    moved = after_review(live, topic(**SIGNATURE, position=9), "unchanged", NOW)
    assert moved["reviewed_by"] == "Dr. Chen"


def test_change_that_is_not_clinical_keeps_the_signature_and_is_told() -> None:
    live = topic(**SIGNATURE)
    kept = after_review(live, topic(names={"en": "Rest"}), "keep", NOW)
    assert {name: kept[name] for name in SIGNATURE} == {name: live[name] for name in SIGNATURE}
    assert is_kept(live, kept)
    assert choice_of(live, kept) == Review.KEEP


def test_signature_of_today_is_due_in_a_year() -> None:
    typed = topic(reviewed_by="Dr. Lin", reviewed_at="2026-03-10")
    signed = after_review(topic(), typed, "sign", NOW)
    assert signed["reviewed_at"] == "2026-03-10T18:00:00+00:00"
    assert signed["review_due_at"] == "2027-03-10T00:00:00+00:00"
    assert content_faults(RevisionKind.TOPIC, signed, NOW) == []
    assert choice_of(topic(), signed) == Review.SIGN


def test_signature_of_a_draft_keeps_its_time_when_the_form_is_sent_again() -> None:
    typed = topic(reviewed_by="Dr. Lin", reviewed_at="2026-03-10")
    draft = after_review(topic(), typed, "sign", NOW)
    form = MultiDict(values_of(draft, topic()))
    later = NOW + timedelta(hours=1)
    assert read(TOPIC, form, live=topic(), before=draft, now=later) == draft
    form["reviewed_by"] = "Dr. Wang"
    again = read(TOPIC, form, live=topic(), before=draft, now=later)
    assert (again["reviewed_by"], again["reviewed_at"]) == ("Dr. Wang", later.isoformat())


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reviewed_by": ""}, "reviewed_by"),
        ({"reviewed_by": "Dr. Lin", "reviewed_at": "2026-03-12"}, "reviewed_at"),
        (
            {"reviewed_by": "Dr. Lin", "reviewed_at": "soon", "review_due_at": "2027-01-01"},
            "reviewed_at",
        ),
        ({"reviewed_by": "Dr. Lin", "review_due_at": "2026-03-01"}, "review_due_at"),
    ],
)
def test_signature_that_cannot_be_is_told_beside_its_field(
    typed: dict[str, str], field: str
) -> None:
    signed = after_review(None, topic(**typed), "sign", NOW)
    assert [fault.field for fault in content_faults(RevisionKind.TOPIC, signed, NOW)] == [field]


def test_words_that_nobody_signed_stay_unsigned_whatever_is_typed() -> None:
    left = after_review(topic(), topic(**SIGNATURE), "unchanged", NOW)
    assert left["reviewed_by"] == ""


# Faults and lengths


@pytest.mark.parametrize(
    "url",
    [
        "http://who.int/a",
        "https://",
        "javascript:alert(1)",
        "https://who int",
        "https://[",
        "who.int",
    ],
)
def test_source_that_is_no_https_address_is_refused(url: str) -> None:
    source = {"title": "Sleep", "publisher": "WHO", "url": url}
    content = topic(words={"en": {"sources": [source]}})
    faults = content_faults(RevisionKind.TOPIC, content, NOW)
    assert [fault.field for fault in faults] == ["words.en.sources.0.url"]


@pytest.mark.parametrize(
    "slug",
    ["", "a", "Sleep", "new", "two words", "-a", "a-", "a--b", "睡", "1st", "sleep", "x" * 41],
)
def test_slug_that_cannot_be_is_refused(slug: str) -> None:
    assert [fault.field for fault in slug_faults(slug, ["sleep"])] == ["slug"]


@pytest.mark.parametrize("slug", ["grief", "post-natal", "adhd2"])
def test_slug_that_is_free(slug: str) -> None:
    assert slug_faults(slug, ["sleep"]) == []


def test_length_counts_words_or_characters() -> None:
    assert length_of("one two  three\n\nfour", "en").count == 4
    assert length_of("睡眠, CBT 疗法。", "zh-Hans").count == 4
    assert [length_of("word " * count, "en").fits for count in (119, 120, 180, 181)] == [
        False,
        True,
        True,
        False,
    ]


def test_form_that_does_not_say_what_it_was_filled_from_fits_nothing() -> None:
    assert base_of(MultiDict({"base_number": "²", "base_fingerprint": "x"})) == Base(-1, "x")
    assert base_of(MultiDict({"base_number": "3", "base_fingerprint": "x"})) == Base(3, "x")
