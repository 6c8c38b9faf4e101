"""The crisis data: complete in both languages, compared not long ago, reachable."""

import re
from dataclasses import fields
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from core.clock import utc_now
from core.words import CHINESE, ENGLISH, LANGUAGES
from web.crisis import SHORT_LIST, Place, all_places, places_for

pytestmark = pytest.mark.unit

WORDS = ("name", "line", "hours", "languages", "cost", "answered_by", "owner", "otherwise")
HREF = {
    "voice": re.compile(r"tel:\d{3,11}"),
    "text": re.compile(r"sms:\d{3,11}"),
    "chat": re.compile(r"https://[a-z0-9.]+\.[a-z]+/\S*"),
}
each_place = pytest.mark.parametrize("place", all_places(), ids=lambda place: place.id)


def test_there_are_enough_places_and_each_territory_has_one() -> None:
    assert len(all_places()) >= 12
    for names in ([p.id for p in all_places()], [t for p in all_places() for t in p.territories]):
        assert len(names) == len(set(names))


@each_place
def test_an_entry_is_complete_in_both_languages(place: Place) -> None:
    texts = [getattr(place, name) for name in WORDS]
    texts += [channel.label for channel in place.channels]
    texts += [number.purpose for number in place.emergency]
    assert [set(text) for text in texts] == [set(LANGUAGES)] * len(texts)
    assert all(text.strip() for words in texts for text in words.values())
    assert all(getattr(place, field.name) for field in fields(place))


@each_place
def test_an_entry_was_compared_with_its_source_in_the_last_90_days(place: Place) -> None:
    age = utc_now().date() - place.last_verified
    assert timedelta(0) <= age <= timedelta(days=90)
    assert place.basis in {"own_page", "reports"}
    source = urlsplit(place.source)
    assert (source.scheme, bool(source.hostname), source.query) == ("https", True, "")


@each_place
def test_every_link_is_one_that_phones_understand(place: Place) -> None:
    assert place.channels[0].kind == "voice"
    assert place.channels[0].address == place.number
    for channel in place.channels:
        assert HREF[channel.kind].fullmatch(channel.href), channel.href
    for number in place.emergency:
        assert HREF["voice"].fullmatch(f"tel:{number.number.zfill(3)}")
        assert number.href == f"tel:{number.number}"


@each_place
def test_the_number_to_call_in_danger_stands_in_both_languages(place: Place) -> None:
    numbers = [number.number for number in place.emergency]
    for language in LANGUAGES:
        assert any(number in place.otherwise[language] for number in numbers)


def test_the_numbers_people_know_are_there() -> None:
    numbers = {place.id: place.number for place in all_places()}
    known = {"cn": "12356", "hk": "18111", "us": "988", "ca": "988", "gb": "116 123"}
    assert numbers.items() >= known.items()
    channels = {c.label["en"]: c.href for place in all_places() for c in place.channels}
    assert channels["Text 0477 13 11 14"] == "sms:0477131114"
    assert channels["Call 0800 111 0 111"] == "tel:08001110111"


@pytest.mark.parametrize(
    ("zone", "own"),
    [
        ("Europe/Dublin", "ie"),
        ("America/Toronto", "ca"),
        ("Asia/Calcutta", "in"),
        ("Asia/Kolkata", "in"),
        ("Asia/Urumqi", "cn"),
    ],
)
def test_the_viewers_place_comes_first(zone: str, own: str) -> None:
    places = places_for(zone)
    assert places.own is not None
    assert places.own.id == own
    assert places.shortlist()[0] is places.own
    assert {place.id for place in places.others} == {p.id for p in all_places()} - {own}


@pytest.mark.parametrize("zone", ["UTC", "Mars/Olympus", "Asia/Kabul"])
def test_a_viewer_of_unknown_place_is_shown_every_place(zone: str) -> None:
    places = places_for(zone)
    assert places.own is None
    assert places.others == all_places()
    assert [place.id for place in places.shortlist()] == ["cn", "us", "gb"]


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Asia/Tokyo"])
def test_the_window_shows_a_few_different_places(zone: str) -> None:
    ids = [place.id for place in places_for(zone).shortlist()]
    assert len(ids) == len(set(ids)) == SHORT_LIST == 3


def test_places_stand_in_the_order_in_which_readers_look_them_up() -> None:
    places = places_for("UTC")
    english = [place.name["en"] for place in places.others_in(ENGLISH)]
    chinese = [place.name["zh-Hans"] for place in places.others_in(CHINESE)]
    assert english == sorted(english)
    assert english == [place.name["en"] for place in all_places()]
    assert chinese[:4] == ["爱尔兰", "澳大利亚", "德国", "法国"]
    assert chinese[-4:] == ["中国澳门", "中国大陆", "中国台湾", "中国香港"]
