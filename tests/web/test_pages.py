"""Every page in both languages: it renders, is translated, and needs nothing from elsewhere."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import Audience, LivestreamState, ReplayPolicy, Visibility
from catalog.models import Host, Livestream, Topic
from core.clock import utc_now
from web import assets
from web.demo import load_demo

pytestmark = pytest.mark.integration


class Page(HTMLParser):
    """What a test wants to know of a page's markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self._open = "" if found.get("type") == "application/ld+json" else tag  # data, not a script
        self.ids += [found["id"] or ""] if "id" in found else []
        self.inline += [name for name in found if name == "style" or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self._open in {"script", "style"} and data.strip():
            self.inline.append(f"<{self._open}>")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._open = ""

    def fetched(self) -> Iterator[str]:
        """Yield every address that a browser asks for by itself."""
        for tag, attributes in self.tags:
            names = {"script": "src", "img": "src", "link": "href", "video": "src", "use": "href"}
            address = attributes.get(names.get(tag, ""))
            if address and attributes.get("rel") not in {"alternate", "canonical"}:
                yield address


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture
def _seeded(session: Session) -> None:
    load_demo(session, now=utc_now())
    session.commit()


def _addresses(session: Session) -> list[str]:
    public = Livestream.visibility == Visibility.PUBLIC
    announced = Livestream.state == LivestreamState.SCHEDULED
    livestreams = session.scalars(select(Livestream.id).where(public, announced)).all()
    hosts = session.scalars(select(Host.id).where(Host.verified_until.is_not(None))).all()
    slugs = session.scalars(select(Topic.slug)).all()
    return [
        "/",
        "/topics",
        "/hosts",
        "/replays",
        "/series",
        "/preferences",
        "/help",
        "/sign-in",
        *(f"/for/{audience}" for audience in Audience),
        *(f"/topics/{slug}" for slug in slugs),
        *(f"/hosts/{host}" for host in hosts),
        *(f"/livestreams/{livestream}" for livestream in livestreams),
    ]


@pytest.mark.usefixtures("_seeded")
def test_every_page_renders_in_both_languages(client: FlaskClient, session: Session) -> None:
    for address in _addresses(session):
        english, chinese = client.get(address), client.get(f"/zh{address}")
        assert (address, english.status_code, chinese.status_code) == (address, 200, 200)
        assert '<html lang="en"' in english.text
        assert '<html lang="zh-Hans"' in chinese.text


@pytest.mark.usefixtures("_seeded")
def test_pages_have_nothing_inline_and_fetch_from_nowhere_else(
    client: FlaskClient, session: Session
) -> None:
    for address in [*_addresses(session), "/no-such-page"]:
        page = Page(client.get(address).text)
        assert (address, page.inline) == (address, [])
        assert {urlsplit(fetched).netloc for fetched in page.fetched()} == {""}
        assert len(page.ids) == len(set(page.ids))
        used = {at["href"] for tag, at in page.tags if tag == "use"}
        assert used <= {f"#{name}" for name in page.ids}


@pytest.mark.usefixtures("_seeded")
def test_every_page_offers_help_and_a_way_out_without_scripts(
    client: FlaskClient, session: Session
) -> None:
    for address in [*_addresses(session), "/no-such-page"]:
        page = Page(client.get(f"/zh{address}").text)
        links = {attributes.get("href") for tag, attributes in page.tags if tag == "a"}
        assert {"/zh/help", "about:blank", f"/zh{address}?in=en"} <= links


def test_a_page_that_does_not_exist_says_so_in_the_readers_language(client: FlaskClient) -> None:
    english, chinese = client.get("/no-such-page"), client.get("/zh/no-such-page")
    assert (english.status_code, chinese.status_code) == (404, 404)
    assert "There is nothing here under this address." in english.text
    assert "这个地址下没有内容。" in chinese.text


def test_home_without_content_says_what_happens_next(client: FlaskClient) -> None:
    assert "Nothing is planned yet" in client.get("/").text
    assert "暂时没有安排" in client.get("/zh/").text


@pytest.mark.usefixtures("_seeded")
def test_times_are_shown_in_the_zone_of_the_cookie(client: FlaskClient) -> None:
    client.set_cookie("zone", "Asia/Shanghai")
    assert "Times are shown for Shanghai (UTC+8)." in client.get("/").text
    assert "时间按上海\uff08UTC+8\uff09显示。" in client.get("/zh/").text


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Nowhere/Land", "", "\x00", "Asia"])
@pytest.mark.usefixtures("_seeded")
def test_a_zone_that_makes_no_sense_becomes_utc(client: FlaskClient, zone: str) -> None:
    client.set_cookie("zone", zone)
    assert "Times are shown for UTC." in client.get("/").text


@pytest.mark.usefixtures("_seeded")
def test_a_private_livestream_is_not_there_for_strangers(
    client: FlaskClient, session: Session
) -> None:
    private = Livestream.visibility == Visibility.ORGANISATION
    ids = session.scalars(select(Livestream.id).where(private)).all()
    assert ids
    home = client.get("/").text
    for livestream_id in ids:
        assert client.get(f"/livestreams/{livestream_id}").status_code == 404
        assert livestream_id not in home


@pytest.mark.usefixtures("_seeded")
def test_the_watch_page_says_its_state_without_scripts(
    client: FlaskClient, session: Session
) -> None:
    livestream = session.scalars(
        select(Livestream).where(
            Livestream.state == LivestreamState.SCHEDULED,
            Livestream.visibility == Visibility.PUBLIC,
        )
    ).first()
    assert livestream is not None
    livestream.replay_policy = ReplayPolicy.AFTER_RELEASE
    said = {}
    for state in (LivestreamState.LIVE, LivestreamState.ENDED, LivestreamState.MISSED):
        livestream.state = state
        session.commit()
        found = re.search(r"data-status>([^<]+)<", client.get(f"/livestreams/{livestream.id}").text)
        said[state] = found and found[1]
    assert said == {
        LivestreamState.LIVE: "Live now.",
        LivestreamState.ENDED: (
            "The livestream has ended. The replay will be here when the host has released it."
        ),
        LivestreamState.MISSED: (
            "This livestream did not start. We are sorry; a new date will stand in the programme."
        ),
    }


@pytest.mark.usefixtures("_seeded")
def test_a_wrong_password_is_told_beside_the_fields(client: FlaskClient) -> None:
    form = client.get("/zh/sign-in").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', form)[-1]
    data = {"csrf_token": token, "email": "somebody@example.org", "password": "not the password"}
    answer = client.post("/zh/sign-in", data=data)
    page = Page(answer.text)
    fields = [found for tag, found in page.tags if tag == "input" and "aria-invalid" in found]
    assert [field["name"] for field in fields] == ["email", "password"]
    assert {field["aria-describedby"] for field in fields} <= set(page.ids)
    assert "邮箱与密码不匹配。" in answer.text
    assert "not the password" not in answer.text


def test_help_is_there_when_the_database_is_not(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "execute", _no_database)
    monkeypatch.setattr(Session, "get", _no_database)
    monkeypatch.setattr(Session, "scalars", _no_database)
    assert "12356" in client.get("/help").text
    assert "12356" in client.get("/zh/help").text


def _no_database(*arguments: object, **options: object) -> None:
    raise AssertionError(arguments, options)
