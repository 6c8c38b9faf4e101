"""Asking to be reminded, as browsers without scripts and without cookies do it."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Recipient, Registration
from catalog.models import Livestream
from core.clock import utc_now
from scheduler.registrations.rules import ASKS_FROM_ADDRESS, ASKS_OF_ACCOUNT, MAILS_A_DAY
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import World
from tests.fakes.reminding import EMAIL, addresses, rows, waiting
from web.site import Site

pytestmark = pytest.mark.integration

CLOSED = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
TYPED = {"email": EMAIL, "timezone": "Asia/Shanghai"}


def place(talk: Livestream, more: str = "") -> str:
    return f"/livestreams/{talk.id}/remind{more}"


def test_page_of_a_livestream_leads_to_the_form(client: FlaskClient, talk: Livestream) -> None:
    assert f'href="{place(talk)}"' in client.get(f"/livestreams/{talk.id}").text


def test_page_of_what_is_over_leads_to_no_form(
    client: FlaskClient, world: World, now: datetime
) -> None:
    over = world.livestream(state="published", starts_at=now + timedelta(hours=1))
    world.session.commit()
    assert place(over) not in client.get(f"/livestreams/{over.id}").text


def test_address_is_asked_in_the_language_of_the_page(
    client: FlaskClient, talk: Livestream, session: Session
) -> None:
    answer = client.post(f"/zh{place(talk)}", data=TYPED)
    assert (answer.status_code, answer.location) == (303, f"/zh{place(talk, '?asked=yes')}")
    recipient = session.scalars(select(Recipient)).one()
    assert (recipient.language, recipient.timezone) == ("zh-Hans", "Asia/Shanghai")
    assert (addresses(session), len(rows(session))) == ([EMAIL], 1)
    assert "请查看您的邮箱" in client.get(answer.location).text


def test_answer_is_the_same_for_an_address_that_is_known(
    client: FlaskClient, talk: Livestream
) -> None:
    answers = [client.post(place(talk), data=TYPED) for _turn in range(5)]
    assert {(one.status_code, one.location) for one in answers} == {
        (303, place(talk, "?asked=yes"))
    }
    assert {one.headers.get("Set-Cookie") for one in answers} == {None}


def test_pages_are_kept_by_no_cache_and_set_no_cookie(
    client: FlaskClient, talk: Livestream, session: Session, now: datetime
) -> None:
    one = waiting(session, talk, now)
    session.commit()
    for address, referrer in (
        (place(talk), "same-origin"),
        (one.confirm, "no-referrer"),
        (one.manage, "no-referrer"),
        (f"{one.manage}/erase", "no-referrer"),
    ):
        page = client.get(address)
        assert (page.status_code, page.headers.get("Set-Cookie")) == (200, None), address
        expected = {**CLOSED, "Referrer-Policy": referrer}
        assert {name: page.headers[name] for name in expected} == expected
        assert "csrf_token" not in page.text


def test_form_without_an_address_says_what_is_missing_and_keeps_the_zone(
    client: FlaskClient, talk: Livestream, session: Session
) -> None:
    page = client.post(place(talk), data={"email": "nobody", "timezone": "Europe/Berlin"})
    assert page.status_code == 422
    assert 'value="nobody"' in page.text
    assert '<option value="Europe/Berlin" selected>' in page.text
    assert 'aria-invalid="true"' in page.text
    assert rows(session) == []


def test_one_address_of_the_net_may_ask_so_often(client: FlaskClient, talk: Livestream) -> None:
    answers = [
        client.post(place(talk), data={**TYPED, "email": f"mei{number}@example.net"}).status_code
        for number in range(ASKS_FROM_ADDRESS + 1)
    ]
    assert answers == [*[303] * ASKS_FROM_ADDRESS, 429]


def test_what_was_cancelled_is_told_kindly(
    client: FlaskClient, talk: Livestream, session: Session
) -> None:
    talk.state = "cancelled"
    session.commit()
    for page in (client.get(place(talk)), client.post(place(talk), data=TYPED)):
        assert "was cancelled, so there is nothing to be reminded of" in page.text
    assert rows(session) == []


def test_private_livestream_is_nothing_to_a_stranger(client: FlaskClient, world: World) -> None:
    private = world.private()
    world.session.commit()
    answers = [client.get(place(private)), client.post(place(private), data=TYPED)]
    assert [one.status_code for one in answers] == [404, 404]


def test_person_with_an_account_presses_once_and_undoes_it(
    app: Site, world: World, talk: Livestream, session: Session
) -> None:
    browser, watch = browser_of(app, world, "viewer"), f"/livestreams/{talk.id}"
    answer = send(browser, place(talk), watch)
    assert answer.location == f"{watch}?done=reminded#reminder"
    page = browser.get(answer.location).text
    assert "You will be reminded: by mail one day before and 10 minutes before." in page
    assert send(browser, place(talk, "/undo"), watch).location == (
        f"{watch}?done=called_off#reminder"
    )
    session.expire_all()
    found = session.scalars(select(Registration)).one()
    assert (found.confirmed_at is None, found.ended_at is None) == (False, False)


def test_person_with_an_account_needs_the_token_of_the_form(
    app: Site, world: World, talk: Livestream, session: Session
) -> None:
    browser = browser_of(app, world, "viewer")
    assert browser.post(place(talk)).status_code == 400
    assert browser.post(place(talk), data=TYPED).status_code == 400
    assert rows(session) == []


@pytest.mark.parametrize(
    ("left", "promise"),
    [
        (timedelta(days=2), "a mail one day before and another one 10 minutes before"),
        (timedelta(hours=3), "You get a mail 10 minutes before, and one when"),
        (timedelta(minutes=5), "too soon for a mail before it"),
    ],
)
def test_only_what_can_be_kept_is_promised(
    client: FlaskClient, talk: Livestream, session: Session, left: timedelta, promise: str
) -> None:
    talk.starts_at = utc_now() + left + timedelta(minutes=1)
    session.commit()
    assert promise in client.get(place(talk)).text


def test_person_with_an_account_may_ask_so_often(
    app: Site, world: World, talk: Livestream, session: Session
) -> None:
    """Each asking anew sends a mail: nobody fills a mailbox, also not the one of an account."""
    browser, watch = browser_of(app, world, "viewer"), f"/livestreams/{talk.id}"
    answers = []
    for _turn in range(ASKS_OF_ACCOUNT + 1):
        answers.append(send(browser, place(talk), watch).status_code)
        send(browser, place(talk, "/undo"), watch)
    assert answers == [*[303] * ASKS_OF_ACCOUNT, 429]
    assert len(rows(session)) == ASKS_OF_ACCOUNT


def test_one_mailbox_is_one_whatever_stands_behind_its_plus(
    client: FlaskClient, talk: Livestream, session: Session
) -> None:
    for tag in ("", "+a", "+b", "+c"):
        answer = client.post(place(talk), data={**TYPED, "email": f"mei{tag}@example.net"})
        assert answer.status_code == 303
    assert len(rows(session)) == MAILS_A_DAY
