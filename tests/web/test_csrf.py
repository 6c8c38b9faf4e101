"""Which forms need a CSRF token: all of a browser that brings a login, and none that cannot."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.services import create_user
from web import security
from web.site import Site

pytestmark = pytest.mark.integration

SECURE = "https://localhost"


@pytest.fixture
def client(app: Site, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser of a site with two forms: one that works by its address, and any other."""
    for name in ("by_link", "other"):
        app.add_url_rule(f"/{name}", name, lambda: "done", methods=["POST"])
    monkeypatch.setattr(security, "WITHOUT_SIGN_IN", frozenset({"by_link"}))
    return app.test_client()


def test_form_that_works_by_its_address_needs_no_token_without_a_login(client: FlaskClient) -> None:
    answers = [client.post(f"/{name}").status_code for name in ("by_link", "other")]
    assert answers == [200, 400]


def test_form_that_works_by_its_address_sets_no_cookie(client: FlaskClient) -> None:
    assert client.post("/by_link").headers.getlist("Set-Cookie") == []


def test_form_that_works_by_its_address_needs_a_token_with_a_login(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    ann = create_user(
        session, email="ann@b.example", password="long enough", roles=[Role.VIEWER], now=now
    )
    session.commit()
    with client.session_transaction() as login:
        login["_user_id"] = ann.fs_uniquifier
    assert client.post("/by_link").status_code == 400


def test_form_that_works_by_its_address_needs_a_token_with_what_would_begin_a_login(
    client: FlaskClient,
) -> None:
    client.set_cookie("mc_remember", "whatever it says")
    assert client.post("/by_link").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site", "Referer": f"{SECURE}/page"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Referer": f"{SECURE}/page"}, 200),
        ({"Referer": "https://elsewhere.example/page"}, 400),
        ({}, 400),
    ],
)
def test_form_over_https_comes_from_a_page_of_the_site(
    app: Site, client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    """A page whose address is a secret sends no referrer, and its forms work all the same."""
    with client.session_transaction(base_url=SECURE) as session:
        session["csrf_token"] = "raw"
    serializer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
    form = {"csrf_token": serializer.dumps("raw")}
    answer = client.post("/other", base_url=SECURE, headers=headers, data=form)
    assert answer.status_code == status


def test_every_form_that_works_by_its_address_is_there(app: Site) -> None:
    """A name that is spelt wrong would ask a token of people who cannot have one."""
    assert set(app.view_functions) >= security.WITHOUT_SIGN_IN
