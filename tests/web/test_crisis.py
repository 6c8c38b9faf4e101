"""The crisis data: complete in both languages, and compared with its sources not long ago."""

from dataclasses import fields
from datetime import date, timedelta

import pytest

from core.clock import utc_now
from core.words import LANGUAGES
from web.crisis import Place, all_places, places_for

pytestmark = pytest.mark.unit

WORDS = ("name", "line", "hours", "languages", "cost", "answered_by", "owner", "otherwise")


@pytest.mark.parametrize("place", all_places(), ids=lambda place: place.id)
def test_an_entry_is_complete_in_both_languages(place: Place) -> None:
    texts = [getattr(place, name) for name in WORDS]
    texts += [channel.label for channel in place.channels]
    texts += [number.purpose for number in place.emergency]
    assert [set(text) for text in texts] == [set(LANGUAGES)] * len(texts)
    assert all(text.values() and all(text.values()) for text in texts)
    assert place.source.startswith("https://")
    assert all(getattr(place, field.name) for field in fields(place))


@pytest.mark.parametrize("place", all_places(), ids=lambda place: place.id)
def test_an_entry_was_compared_with_its_source_in_the_last_90_days(place: Place) -> None:
    age = utc_now().date() - place.last_verified
    assert timedelta(0) <= age <= timedelta(days=90)


def test_the_numbers_people_know_are_there() -> None:
    numbers = {place.id: place.number for place in all_places()}
    known = {"cn": "12356", "us": "988", "ca": "988", "gb-ie": "116 123"}
    assert numbers.items() >= known.items()


@pytest.mark.parametrize(
    ("zone", "first"),
    [("Europe/Dublin", "gb-ie"), ("America/Toronto", "ca"), ("Mars/Olympus", "cn")],
)
def test_the_viewers_place_comes_first(zone: str, first: str) -> None:
    places = places_for(zone)
    assert places[0].id == first
    assert sorted(place.id for place in places) == sorted(place.id for place in all_places())


def test_channels_are_links_that_phones_understand() -> None:
    channels = {c.label["en"]: c.href for place in all_places() for c in place.channels}
    assert channels["Call 116 123"] == "tel:116123"
    assert channels["Text 0477 13 11 14"] == "sms:0477131114"
    assert date.min < all_places()[0].last_verified
