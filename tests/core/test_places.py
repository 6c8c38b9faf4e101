"""Places that people choose a zone by."""

import pytest

from core.places import place_of, places_by_area
from core.words import CHINESE, LANGUAGES

pytestmark = pytest.mark.unit


def test_zone_is_suggested_under_the_name_that_people_know() -> None:
    zones = {one.zone for places in places_by_area(CHINESE).values() for one in places}
    assert {"Asia/Shanghai", "Europe/Berlin", "Antarctica/Troll"} <= zones
    assert "Asia/Chongqing" not in zones


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_area_offers_a_place_twice(language: str) -> None:
    for places in places_by_area(language).values():
        names = [one.name for one in places]
        assert names == sorted(set(names))


def test_place_without_a_city_is_called_as_its_zone() -> None:
    assert (place_of("UTC", CHINESE), place_of("Asia/Shanghai", CHINESE)) == ("UTC", "\u4e0a\u6d77")
