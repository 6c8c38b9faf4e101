"""Language and zone: chosen once, without an account and without scripts."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.clock import utc_now
from tests.fakes.programme import World
from web import assets
from web.preferences import local_path, without_language

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


def choose(client: FlaskClient, **fields: str) -> str:
    """Send the form of preferences; return where it leads."""
    page = client.get("/preferences").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    answer = client.post("/preferences", data={"csrf_token": token, **fields})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_chosen_zone_wins_over_the_one_of_the_device(
    client: FlaskClient, session: Session
) -> None:
    World(session, utc_now()).build()
    session.commit()
    client.set_cookie("zone", "Europe/Berlin")
    assert "Times are shown for Berlin" in client.get("/").text
    choose(client, zone="Asia/Shanghai", language="en")
    chosen = client.get("/").text
    choose(client, zone="", language="en")
    assert "Times are shown for Shanghai (UTC+8)" in chosen
    assert "Times are shown for Berlin" in client.get("/").text


def test_a_choice_is_kept_for_a_year_in_cookies_of_this_site(client: FlaskClient) -> None:
    choose(client, zone="Asia/Shanghai", language="zh-Hans")
    kept = {name: client.get_cookie(name) for name in ("zone_choice", "language")}
    found = {name: (it.value, it.max_age, it.same_site, it.path) for name, it in kept.items() if it}
    assert found == {
        "zone_choice": ("Asia/Shanghai", 31_536_000, "Lax", "/"),
        "language": ("zh-Hans", 31_536_000, "Lax", "/"),
    }


@pytest.mark.parametrize(
    ("fields", "leads_to"),
    [
        ({"language": "zh-Hans", "next": "/topics/sleep?x=1"}, "/zh/topics/sleep?x=1"),
        ({"language": "en", "next": "/zh/topics/sleep"}, "/topics/sleep"),
        ({"language": "en", "next": "/zh"}, "/"),
        ({"language": "fr", "next": ""}, "/"),
        ({"language": "en", "next": "https://elsewhere.example/"}, "/"),
        ({"language": "en", "next": "//elsewhere.example/"}, "/"),
        ({"language": "en", "next": "/zh//elsewhere.example/"}, "/elsewhere.example/"),
        ({"language": "en", "next": "/\\elsewhere.example"}, "/"),
    ],
)
def test_preferences_lead_back_to_a_page_of_this_site(
    client: FlaskClient, fields: dict[str, str], leads_to: str
) -> None:
    assert choose(client, **fields) == leads_to


def test_a_zone_that_does_not_exist_is_not_kept(client: FlaskClient) -> None:
    choose(client, zone="Nowhere/Land", language="en")
    assert client.get_cookie("zone_choice") is None


def test_a_form_from_elsewhere_is_refused(client: FlaskClient) -> None:
    assert client.post("/preferences", data={"language": "zh-Hans"}).status_code == 400
    assert client.get_cookie("language") is None


def test_the_language_link_keeps_the_choice_and_home_follows_it(client: FlaskClient) -> None:
    first = client.get("/topics?in=zh-Hans")
    assert (first.status_code, first.headers["Location"]) == (302, "/zh/topics")
    home, english = client.get("/"), client.get("/topics")
    assert (home.status_code, home.headers["Location"]) == (302, "/zh/")
    assert "Cookie" in home.headers["Vary"]
    assert english.status_code == 200  # a link to a page is meant as it is
    back = client.get("/zh/?in=en")
    assert (back.status_code, back.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["//elsewhere.example/?in=en", "/zh//elsewhere.example?in=en"])
def test_the_language_link_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    answer = client.open(base_url="http://localhost", path=path)
    location = answer.headers.get("Location", "/")
    assert not location.startswith("//")
    assert "://elsewhere" not in location


def test_a_language_nobody_knows_changes_nothing(client: FlaskClient) -> None:
    assert client.get("/topics?in=fr").status_code == 200
    assert client.get("/api/v1/topics?in=zh-Hans").status_code == 200


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("//[", ""),
        ("https://[", ""),
        ("/topics?q=1", "/topics?q=1"),
        ("http://x/", ""),
        ("//x/", ""),
        ("/\\x", ""),
        ("topics", ""),
        ("", ""),
    ],
)
def test_local_path(address: str, path: str) -> None:
    assert local_path(address) == path


@pytest.mark.parametrize(
    ("path", "bare"), [("/zh/a", "/a"), ("/zh", "/"), ("/zhen", "/zhen"), ("/a", "/a"), ("", "/")]
)
def test_without_language(path: str, bare: str) -> None:
    assert without_language(path) == bare


def test_older_name_of_a_zone_that_a_device_says_stays_chosen(client: FlaskClient) -> None:
    client.set_cookie("zone", "Asia/Chongqing")
    page = client.get("/preferences").text
    assert page.count(" selected>") == 1
    assert '<option value="Asia/Chongqing" selected>' in page


def test_place_is_offered_once_in_its_area(client: FlaskClient) -> None:
    page = client.get("/preferences").text
    asia = page.partition('<optgroup label="Asia">')[2].partition("</optgroup>")[0]
    names = re.findall(r">([^<]+)</option>", asia)
    assert len(names) == len(set(names)) > 50
