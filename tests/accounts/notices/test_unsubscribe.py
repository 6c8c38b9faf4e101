"""Stopping from the mail itself: RFC 8058, without cookies, tokens of forms and redirects."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.enums import Role
from accounts.notices.enums import Category, Pace
from accounts.notices.links import Purpose, make_token
from accounts.notices.models import Recipient, Registration
from accounts.notices.services import choose
from core.settings import Settings
from tests.fakes.recipients import person, registration, stranger, unsubscribe_path
from web.site import Site

pytestmark = pytest.mark.integration

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
CLOSED = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@pytest.fixture
def mei(session: Session, settings: Settings, now: datetime) -> Recipient:
    made = stranger(session, data_key=settings.data_key, now=now)
    session.commit()
    return made


def ended_at(session: Session, asked: Registration) -> datetime | None:
    session.expire_all()
    return session.scalar(select(Registration.ended_at).where(Registration.id == asked.id))


def choices_of(session: Session, recipient: Recipient) -> dict[str, str]:
    session.expire_all()
    return session.get_one(Recipient, recipient.id).choices


def is_bare(response: TestResponse) -> bool:
    """Tell whether an answer leads nowhere, leaves nothing behind, and is for nobody else."""
    closed = {name: response.headers.get(name) for name in CLOSED}
    return closed == CLOSED and not response.headers.getlist("Set-Cookie")


def test_one_click_ends_the_registration_at_once_and_bears_repetition(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    asked, other = registration(session, mei, now), registration(session, mei, now, "another")
    session.commit()
    path = unsubscribe_path(settings.data_key, mei, asked.id)
    answers = [client.post(path, data=ONE_CLICK) for _turn in range(2)]
    assert [(one.status_code, one.data, is_bare(one)) for one in answers] == [(200, b"", True)] * 2
    assert ended_at(session, asked) is not None
    assert ended_at(session, other) is None


def test_one_click_switches_a_category_off(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient
) -> None:
    answer = client.post(unsubscribe_path(settings.data_key, mei, Category.REPLAYS), data=ONE_CLICK)
    assert (answer.status_code, is_bare(answer)) == (200, True)
    assert choices_of(session, mei) == {"replays": "off"}


def test_opening_the_address_stops_nothing(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    asked = registration(session, mei, now)
    session.commit()
    for about in (asked.id, Category.CHANGES):
        answer = client.get(unsubscribe_path(settings.data_key, mei, about))
        assert (answer.status_code, is_bare(answer)) == (200, True)
        assert answer.text.count('<form method="post">') == 1
        assert "csrf_token" not in answer.text
    assert ended_at(session, asked) is None
    assert choices_of(session, mei) == {}


def test_what_was_stopped_is_undone(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    asked = registration(session, mei, now)
    session.commit()
    path = unsubscribe_path(settings.data_key, mei, asked.id)
    stopped = client.post(path, data={"act": "stop"})
    assert "Stopped</h1>" in stopped.text
    assert is_bare(stopped)
    undone = client.post(path, data={"act": "undo"})
    assert "As it was before</h1>" in undone.text
    assert ended_at(session, asked) is None


def test_undoing_brings_back_the_paces_that_were_there(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient
) -> None:
    paces = {Category.REPLAYS: Pace.DAILY}
    choose(session, recipient_id=mei.id, choices=paces, shows_titles=True)
    session.commit()
    path = unsubscribe_path(settings.data_key, mei, Category.ACCOUNT)
    stopped = client.post(path, data={"act": "stop"}).text
    assert choices_of(session, mei) == {"replays": "off", "account": "off"}
    was = [one for one in ("replays:daily", "account:daily") if f'value="{one}"' in stopped]
    assert was == ["replays:daily", "account:daily"]
    client.post(path, data={"act": "undo", "was": [*was, "hosting:never", "x", "changes:off"]})
    assert choices_of(session, mei) == {"replays": "daily", "account": "daily"}
    assert session.get_one(Recipient, mei.id).shows_titles


def test_what_still_comes_is_said(
    client: FlaskClient, session: Session, settings: Settings, now: datetime
) -> None:
    _, host = person(session, "host", now, Role.HOST)
    session.commit()
    path = unsubscribe_path(settings.data_key, host, Category.HOSTING)
    said = "You must know when your own livestream moves"
    assert said in client.get(path).text
    assert said in client.post(path).text
    assert said not in client.get(unsubscribe_path(settings.data_key, host, "replays")).text


def test_who_has_an_account_chooses_there_and_others_by_their_link(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    _, ann = person(session, "ann", now)
    session.commit()
    here = client.get(unsubscribe_path(settings.data_key, ann, "replays")).text
    there = client.get(unsubscribe_path(settings.data_key, mei, "replays")).text
    assert 'href="/account/notices" rel="nofollow"' in here
    assert 'href="/account/notices" rel="nofollow"' not in there


def test_page_is_written_in_the_language_of_its_address(
    client: FlaskClient, settings: Settings, mei: Recipient
) -> None:
    path = unsubscribe_path(settings.data_key, mei, "replays")
    assert "<h1>停止发送这些邮件吗" in client.get(f"/zh{path}").text


def check_refused(client: FlaskClient, path: str) -> None:
    answers = [client.get(path), client.post(path, data=ONE_CLICK)]
    assert [(one.status_code, is_bare(one)) for one in answers] == [(404, True)] * 2, path
    assert "This link no longer works" in answers[0].text


def test_link_is_refused_that_was_changed_or_ended_or_is_for_something_else(
    client: FlaskClient, session: Session, settings: Settings, mei: Recipient, now: datetime
) -> None:
    other = stranger(session, data_key=settings.data_key, now=now, email="other@mail.example")
    asked = registration(session, other, now)
    session.commit()
    right = unsubscribe_path(settings.data_key, mei, "replays")
    managing = make_token(settings.data_key, Purpose.MANAGE, mei.id, 1, "replays")
    wrong = [
        right[:-1] + ("0" if right[-1] != "0" else "1"),
        right.replace("replays", "changes"),
        f"/notices/unsubscribe/{managing}",
        right.replace("/u.", "/x."),
        right.replace(mei.id, other.id),
        unsubscribe_path(settings.data_key, mei, asked.id),  # of somebody else
        unsubscribe_path(settings.data_key, mei, "gone"),
        "/notices/unsubscribe/none",
        "/notices/unsubscribe/" + "a" * 3000,
        "/notices/unsubscribe/ü.ü.ü.ü",
    ]
    for path in wrong:
        check_refused(client, path)
    assert client.get(right).status_code == 200
    mei.link_version += 1
    session.commit()
    check_refused(client, right)
    assert choices_of(session, mei) == {}
    assert ended_at(session, asked) is None


def test_browser_that_brings_a_login_needs_the_token_of_the_page(
    app: Site, session: Session, settings: Settings, now: datetime
) -> None:
    user, ann = person(session, "ann", now)
    session.commit()
    path = unsubscribe_path(settings.data_key, ann, "replays")
    browser = app.test_client()
    with browser.session_transaction() as login:
        login["_user_id"] = user.fs_uniquifier
    assert browser.post(path).status_code == 400
    token = browser.get(path).text.split('name="csrf_token" value="')[-1].split('"')[0]
    assert browser.post(path, data={"csrf_token": token}).status_code == 200
    assert choices_of(session, ann) == {"replays": "off"}
