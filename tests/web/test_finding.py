"""What programs look for at the root, and what the head of a page tells them."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.clock import utc_now
from tests.fakes.programme import World
from tests.web.test_pages import Page
from web import assets

pytestmark = pytest.mark.integration
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def world(session: Session) -> World:
    built = World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()
    session.commit()
    return built


def test_the_sitemap_names_public_pages_in_both_languages_and_no_others(
    client: FlaskClient, session: Session, world: World
) -> None:
    public, private = world.livestream(state="scheduled"), world.private()
    draft = world.livestream(state="draft")
    session.commit()
    root = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 -- our own answer
    found = {entry.text or "" for entry in root.findall("s:url/s:loc", NAMES)}
    site = "http://localhost"
    wanted = ("/", "/topics/sleep", "/hosts/host", "/for/frontline", f"/livestreams/{public.id}")
    for path in wanted:
        assert {f"{site}{path}", f"{site}/zh{path}"} <= found
    assert not [address for address in found if private.id in address or draft.id in address]


def test_every_page_of_the_sitemap_is_there(client: FlaskClient, world: World) -> None:
    world.livestream(state="scheduled")
    world.session.commit()
    root = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 -- our own answer
    for entry in root.findall("s:url/s:loc", NAMES):
        address = entry.text or ""
        assert (address, client.get(address).status_code) == (address, 200)


def test_robots_name_the_sitemap(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    assert "Disallow: /api/" in lines


@pytest.mark.parametrize("path", ["/favicon.ico", "/favicon.svg"])
def test_the_mark_of_the_site(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"] == "public, max-age=604800"
    ET.fromstring(answer.data)  # noqa: S314 -- our own answer


def links(page: Page) -> Iterator[tuple[str | None, str | None]]:
    """Yield relation, or language of an alternate, and address of the links in the head."""
    for tag, found in page.tags:
        if tag == "link" and found.get("rel") in {"alternate", "canonical"}:
            yield found.get("hreflang") or found.get("rel"), found.get("href")


@pytest.mark.usefixtures("world")
def test_the_head_names_one_whole_address_and_its_languages(client: FlaskClient) -> None:
    page = Page(client.get("/zh/replays?topic=sleep&utm=x").text)
    site = "http://localhost"
    assert dict(links(page)) == {
        "canonical": f"{site}/zh/replays?topic=sleep",
        "en": f"{site}/replays?topic=sleep",
        "zh-Hans": f"{site}/zh/replays?topic=sleep",
        "x-default": f"{site}/replays?topic=sleep",
    }
    said = {found.get("name"): found.get("content") for tag, found in page.tags if tag == "meta"}
    assert said["description"]


def test_an_error_page_is_not_to_be_found(client: FlaskClient) -> None:
    page = Page(client.get("/no-such-page").text)
    said = {found.get("name"): found.get("content") for tag, found in page.tags if tag == "meta"}
    assert said["robots"] == "noindex"
    assert dict(links(page)) == {}
