"""Pages that are kept for strangers: current after a change, never with what is one person's."""

import json
from datetime import datetime, timedelta
from time import monotonic

import pytest
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.services import add_member, create_user
from catalog.views import keeping
from core.clock import utc_now
from core.shelf import Shelf
from tests.fakes.programme import World
from web import assets
from web.site import Site

pytestmark = pytest.mark.integration

PASSWORD = "a long enough password"
PUBLIC = "When the 3 a.m. thoughts arrive"
PRIVATE = "Only for the staff of A"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    assets.build()


@pytest.fixture(autouse=True)
def _keeping(app: Site) -> None:
    """Keep things in these tests as in operation."""
    app.extensions["mindcast.shelf"] = Shelf(clock=monotonic, seconds=600)


@pytest.fixture
def world(session: Session) -> World:
    built = World(session, utc_now().replace(minute=0, second=0, microsecond=0)).build()
    built.livestream(state="scheduled", titles={"en": PUBLIC})
    built.livestream(
        state="scheduled",
        titles={"en": PRIVATE},
        visibility="organisation",
        organisation_id="companya",
    )
    session.commit()
    return built


def signed_in(app: Site, session: Session, role: Role, company: str = "companya") -> FlaskClient:
    """Return the browser of a new member of a company."""
    email = f"{role}-{company}@example.org"
    user = create_user(session, email=email, password=PASSWORD, roles=[], now=utc_now())
    add_member(session, user_id=user.id, organisation_id=company, role=role, now=utc_now())
    session.commit()
    client = app.test_client()
    token = client.get("/sign-in").text.rpartition('name="csrf_token" value="')[2].split('"')[0]
    form = {"csrf_token": token, "email": email, "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 302
    return client


@pytest.mark.parametrize("first", ["stranger", "member"])
def test_home_shows_private_talks_to_their_members_alone_whoever_came_first(
    app: Site, session: Session, world: World, first: str
) -> None:
    del world
    member, other = (signed_in(app, session, Role.EMPLOYEE, it) for it in ("companya", "companyb"))
    clients = {"stranger": app.test_client(), "member": member, "other": other}
    order = [first, *(name for name in clients if name != first)]
    shown = {name: clients[name].get("/").text for name in [*order, *order]}
    assert {name: PUBLIC in text for name, text in shown.items()} == dict.fromkeys(clients, True)
    assert {name: PRIVATE in text for name, text in shown.items()} == {
        "stranger": False,
        "member": True,
        "other": False,
    }


@pytest.mark.parametrize("path", ["/", "/topics/sleep", "/hosts/host", "/for/public"])
def test_a_kept_page_has_nothing_of_who_is_signed_in(
    app: Site, session: Session, world: World, path: str
) -> None:
    del world
    member = signed_in(app, session, Role.EMPLOYEE)
    assert "csrf_token" in member.get(path).text
    assert "csrf_token" not in app.test_client().get(path).text
    assert "csrf_token" in member.get(path).text


def test_a_kept_page_has_no_form_token(app: Site) -> None:
    with app.test_request_context("/"):
        generate_csrf()
        with pytest.raises(keeping.PersonalPageError):
            keeping._drawn("<p>")  # noqa: SLF001 -- the check that no page of ours can reach


def test_home_tells_a_change_at_once(client: FlaskClient, session: Session, world: World) -> None:
    before = client.get("/").text
    made = world.livestream(state="scheduled", titles={"en": "A new talk"})
    made.updated_at = utc_now() + timedelta(seconds=1)
    session.commit()
    after = client.get("/").text
    assert ("A new talk" in before, "A new talk" in after) == (False, True)


@pytest.mark.parametrize("path", ["/", "/topics/sleep", "/replays", "/api/v1/livestreams"])
def test_what_is_kept_is_not_made_again(client: FlaskClient, world: World, path: str) -> None:
    del world
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_what_is_kept_depends_on_zone_language_and_query(client: FlaskClient, world: World) -> None:
    del world
    utc = client.get("/").text
    client.set_cookie("zone", "Asia/Shanghai")
    shown = [client.get(path).text for path in ("/", "/zh/", "/replays", "/replays?topic=sleep")]
    assert len({utc, *shown}) == 5


def test_nothing_of_one_address_is_shown_at_another(
    app: Site, session: Session, world: World
) -> None:
    del world
    member = signed_in(app, session, Role.EMPLOYEE)
    member.get("/?note=what-i-typed")
    app.test_client().get("/zh/?note=what-i-typed", base_url="http://elsewhere.example")
    told = app.test_client().get("/").text + app.test_client().get("/zh/").text
    found = {it: it in told for it in (PUBLIC, "what-i-typed", "elsewhere.example")}
    assert found == {PUBLIC: True, "what-i-typed": False, "elsewhere.example": False}


def test_a_list_of_the_api_is_kept_for_strangers_alone(client: FlaskClient, world: World) -> None:
    token = {"Authorization": f"Bearer {world.tokens['employee_a']}"}
    seen = []
    for headers in ({}, token, {}):
        items = client.get("/api/v1/livestreams", headers=headers).get_json()["items"]
        seen.append({item["title"]["en"] for item in items})
    assert seen == [{PUBLIC}, {PUBLIC, PRIVATE}, {PUBLIC}]


def test_linked_data_of_home_is_the_public_programme(
    app: Site, session: Session, world: World
) -> None:
    del world
    member = signed_in(app, session, Role.EMPLOYEE)
    text = member.get("/").text
    assert PRIVATE in text
    data = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    told = json.loads(data)
    assert [(it["@type"], it["name"]) for it in told["@graph"]] == [("Event", PUBLIC)]


def test_a_title_cannot_end_the_linked_data(
    client: FlaskClient, session: Session, world: World, now: datetime
) -> None:
    del now
    world.livestream(state="scheduled", titles={"en": "</script><script>alert(1)</script>"})
    session.commit()
    assert "<script>alert" not in client.get("/").text
