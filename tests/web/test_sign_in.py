import re
from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.enums import Role
from accounts.models import ApiToken, User
from accounts.services import create_user, end_sessions, issue_token
from core.limits import LimitCount
from web import limits
from web.site import Site

pytestmark = pytest.mark.integration

NOON = "2026-03-10T12:00:00+00:00"
EMAIL, PASSWORD = "ann@b.example", "correct horse battery"


@pytest.fixture
def ann(session: Session, now: datetime) -> User:
    user = create_user(session, email=EMAIL, password=PASSWORD, roles=[Role.VIEWER], now=now)
    session.commit()
    return user


def csrf_of(client: FlaskClient, page: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def sign_in(
    client: FlaskClient, password: str = PASSWORD, email: str = EMAIL, **more: str
) -> TestResponse:
    data = {"email": email, "password": password, "csrf_token": csrf_of(client), **more}
    return client.post("/sign-in", data=data)


def user_of(client: FlaskClient) -> str | None:
    with client.session_transaction() as login:
        user: str | None = login.get("_user_id")
    return user


def test_sign_in_with_the_password_in_any_case_of_the_address(
    client: FlaskClient, ann: User
) -> None:
    response = sign_in(client, email="ANN@b.Example")
    assert (response.status_code, response.location) == (302, "/")
    assert user_of(client) == ann.fs_uniquifier


def test_sign_in_drops_what_the_session_held_before(client: FlaskClient, ann: User) -> None:
    with client.session_transaction() as login:
        login["planted"] = "by somebody else"
    before = csrf_of(client)
    sign_in(client)
    with client.session_transaction() as login:
        assert "planted" not in login
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    assert user_of(client) == ann.fs_uniquifier


def test_sign_in_with_a_wrong_password_says_no_more_than_for_an_unknown_address(
    client: FlaskClient, ann: User
) -> None:
    pages = [sign_in(client, "wrong password", email) for email in (ann.email, "who@b.example")]
    shown = [
        re.sub(r'value="[^"]*"|href="[^"]*"|data-[a-z]+="[^"]*"', "", page.text) for page in pages
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert shown[0] == shown[1]
    assert 'value="who@b.example"' in pages[1].text
    assert "wrong password" not in pages[0].text


def test_sign_in_to_a_closed_account_is_refused(
    client: FlaskClient, ann: User, session: Session
) -> None:
    ann.active = False
    session.commit()
    assert sign_in(client).status_code == 200
    assert user_of(client) is None


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/livestreams/x", "/livestreams/x"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_sign_in_returns_to_this_site_only(
    client: FlaskClient, ann: User, target: str, location: str
) -> None:
    assert ann.email == EMAIL
    assert sign_in(client, next=target).location == location


def test_sign_in_in_chinese_stays_in_chinese(client: FlaskClient, ann: User) -> None:
    token = csrf_of(client, "/zh/sign-in")
    data = {"email": ann.email, "password": PASSWORD, "csrf_token": token}
    assert client.post("/zh/sign-in", data=data).location == "/zh/"


@pytest.mark.parametrize("page", ["/account/notices?all=1", "/zh/account/notices?all=1"])
def test_page_that_needs_an_account_asks_for_it_there_and_comes_back(
    client: FlaskClient, ann: User, page: str
) -> None:
    asked = client.get(page)
    assert asked.status_code == 401
    assert f'name="next" value="{page}"' in asked.text
    data = {"email": EMAIL, "password": PASSWORD, "next": page}
    done = client.post("/sign-in", data={**data, "csrf_token": csrf_of(client, page)})
    assert (done.status_code, done.location) == (302, page)
    assert user_of(client) == ann.fs_uniquifier


def test_sign_in_without_csrf_token_is_refused(client: FlaskClient, ann: User) -> None:
    response = client.post("/sign-in", data={"email": ann.email, "password": PASSWORD})
    assert response.status_code == 400
    assert user_of(client) is None


def test_sign_in_guessed_too_often_is_slowed_down_for_the_account(
    client: FlaskClient, ann: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ann.email == EMAIL
    monkeypatch.setattr(limits, "SIGN_IN_PER_ACCOUNT", 2)
    with time_machine.travel(NOON, tick=False):
        tries = [sign_in(client, "wrong password") for _ in range(2)]
        refused = sign_in(client)
    assert {response.status_code for response in tries} == {200}
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    keys = session.scalars(select(LimitCount.key)).all()
    assert len(keys) == 2
    assert not any(EMAIL in key or "127.0.0.1" in key for key in keys)


def test_sign_in_with_the_right_password_is_not_counted(
    app: Site, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ann.email == EMAIL
    monkeypatch.setattr(limits, "SIGN_IN_PER_ACCOUNT", 2)
    with time_machine.travel(NOON, tick=False):
        codes = [sign_in(app.test_client()).status_code for _ in range(4)]
    assert codes == [302] * 4


def test_sign_in_guessed_too_often_is_slowed_down_for_the_address(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SIGN_IN_PER_ADDRESS", 2)
    with time_machine.travel(NOON, tick=False):
        emails = [f"u{number}@b.example" for number in range(3)]
        codes = [sign_in(client, email=email).status_code for email in emails]
    assert codes == [200, 200, 429]


def test_sign_out_needs_a_csrf_token_and_ends_the_session(client: FlaskClient, ann: User) -> None:
    sign_in(client)
    assert client.post("/sign-out").status_code == 400
    assert user_of(client) == ann.fs_uniquifier
    token = csrf_token_of(client)
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/"
    assert user_of(client) is None


def csrf_token_of(client: FlaskClient) -> str:
    """Return a token of a signed-in browser, as its pages carry it."""
    page = client.get("/").text
    found = re.search(r'name="csrf[_-]token" (?:value|content)="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_end_sessions_signs_every_browser_out(
    client: FlaskClient, ann: User, session: Session
) -> None:
    sign_in(client)
    assert client.get("/sign-in").status_code == 302
    end_sessions(session, user=ann)
    session.commit()
    assert client.get("/sign-in").status_code == 200


def test_bearer_token_needs_no_csrf_token(
    client: FlaskClient, ann: User, session: Session, now: datetime
) -> None:
    headers = {"Authorization": f"Bearer {issue_token(session, user=ann, name='t', now=now)}"}
    session.commit()
    response = client.post("/api/v1/livestreams", json={}, headers=headers)
    assert response.status_code == 422  # so the input was looked at


def test_bearer_token_is_noted_as_used_when_something_was_written(
    client: FlaskClient, ann: User, session: Session, now: datetime
) -> None:
    headers = {"Authorization": f"Bearer {issue_token(session, user=ann, name='t', now=now)}"}
    session.commit()
    client.get("/api/v1/topics", headers=headers)
    assert session.scalar(select(ApiToken.last_used_at)) is None


def test_login_session_in_the_api_needs_a_csrf_token(client: FlaskClient, ann: User) -> None:
    assert ann.email == EMAIL
    sign_in(client)
    assert client.post("/api/v1/livestreams", json={}).status_code == 400


def test_bearer_token_that_is_unknown_is_refused_whatever_is_asked(client: FlaskClient) -> None:
    response = client.get("/api/v1/topics", headers={"Authorization": "Bearer nonsense"})
    assert response.json == {
        "type": "urn:mindcast:problem:sign_in_needed",
        "title": "Please sign in",
        "status": 401,
        "detail": "Please sign in first.",
        "code": "sign_in_needed",
    }
    assert response.headers["WWW-Authenticate"] == "Bearer"
