"""The help page and the window: the viewer's place first, every place there without scripts."""

import re

import pytest
from flask.testing import FlaskClient

from web import assets
from web.crisis import all_places, places_for

pytestmark = pytest.mark.integration


def _sections(page: str) -> list[str]:
    return re.findall(r'<section [^>]*id="([a-z]+)"', page)


@pytest.mark.parametrize("address", ["/help", "/zh/help"])
def test_the_viewers_place_stands_first_and_open(client: FlaskClient, address: str) -> None:
    client.set_cookie("zone", "Asia/Tokyo")
    page = client.get(address).text
    assert _sections(page)[0] == "jp"
    assert page.index("tel:0120279338") < page.index("<details>")
    assert page.index("mhlw.go.jp/mamorouyokokoro") < page.index("<details>")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_every_place_and_anywhere_else_is_listed_and_linked_once(
    client: FlaskClient, zone: str
) -> None:
    client.set_cookie("zone", zone)
    page = client.get("/help").text
    everywhere = sorted([place.id for place in all_places()] + ["anywhere"])
    assert sorted(_sections(page)) == everywhere
    own = places_for(zone).own
    linked = re.findall(r'href="#([a-z]+)"', page.split('class="help-nav"')[1])
    assert sorted(linked[: len(everywhere)]) == [i for i in everywhere if not own or i != own.id]


def test_every_channel_and_emergency_number_is_a_link(client: FlaskClient) -> None:
    page = client.get("/help").text
    links = [channel.href for place in all_places() for channel in place.channels]
    links += [number.href for place in all_places() for number in place.emergency]
    assert [link for link in links if f'href="{link}"' not in page] == []


def test_the_page_says_what_an_entry_was_compared_with(client: FlaskClient) -> None:
    for zone, said in (
        ("Europe/Paris", "Last compared with a copy of it on"),
        ("Asia/Shanghai", "Last compared with reports by others, not with that page, on"),
    ):
        client.set_cookie("zone", zone)
        assert said in client.get("/help").text.split('class="help-nav"')[0]


def test_the_window_shows_three_places_and_the_way_to_all(client: FlaskClient) -> None:
    client.set_cookie("zone", "Asia/Tokyo")
    window = client.get("/zh/help").text.split('id="crisis"')[1]
    assert re.findall(r'href="(tel:[^"]+)"', window) == ["tel:0120279338", "tel:12356", "tel:988"]
    assert 'href="/zh/help"' in window


def test_a_number_that_is_put_right_reaches_the_devices_that_keep_the_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets.build()
    before = client.get("/service-worker.js").text
    assert client.get("/service-worker.js").text == before
    monkeypatch.setattr("web.offline.all_places", lambda: all_places()[1:])
    assert client.get("/service-worker.js").text != before
