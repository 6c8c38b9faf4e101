"""Signing up and in by mail: nobody learns who has an account; a press uses a link, once."""

import json
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from webauthn.helpers import bytes_to_base64url
from werkzeug.test import TestResponse

from accounts.enums import Role
from accounts.joining.enums import ConsentKind
from accounts.joining.errors import PasskeyRefused
from accounts.joining.models import Challenge, MailLink, PersonConsent
from accounts.joining.rules import make_secret
from accounts.joining.services.consents import give_consent
from accounts.models import User
from accounts.notices.channels import Texts
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.services import recipient_of_user
from accounts.notices.services.choices import choose_texts
from accounts.services import create_user, sign_up
from core.settings import Settings
from scheduler.calendars.queries import open_feed
from scheduler.calendars.services import feed_of
from tests.fakes.recipients import registration, stranger

pytestmark = pytest.mark.integration

EMAIL = "mei@mail.example"
NOON = "2026-03-10T18:00:00+00:00"


def csrf_of(client: FlaskClient, page: str = "/sign-up") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def ask(client: FlaskClient, email: str = EMAIL, **more: str) -> TestResponse:
    data = {"email": email, "csrf_token": csrf_of(client), **more}
    return client.post("/sign-in/link", data=data)


def path_of(session: Session, settings: Settings) -> str:
    """Return where the newest link leads, as its mail says."""
    link = session.scalars(select(MailLink).order_by(MailLink.asked_at.desc())).first()
    assert link is not None
    return f"/sign-in/link/{make_secret(settings.data_key, link.id)}"


def press(client: FlaskClient, path: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_of(client, path)})


def signed_in(client: FlaskClient) -> bool:
    with client.session_transaction() as login:
        return "_user_id" in login


def users(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(User)).one()


@time_machine.travel(NOON, tick=False)
def test_a_link_makes_an_account_by_its_button_alone_and_once(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    ask(client, next="/topics/sleep")
    path = path_of(session, settings)
    for _scanner in range(2):
        assert client.get(path).status_code == 200
    assert (users(session), signed_in(client)) == (0, False)
    page = press(client, path)
    assert (page.status_code, page.location) == (303, "/topics/sleep")
    user = session.scalars(select(User)).one()
    assert (user.email, user.password, user.display_name) == (EMAIL, None, "")
    assert user.confirmed_at is not None
    assert signed_in(client)
    again = client.application.test_client()
    assert again.get(path).status_code == 404
    token = csrf_of(again)
    assert again.post(path, data={"csrf_token": token}).status_code == 404
    assert not signed_in(again)


def test_nobody_learns_whether_an_address_has_an_account(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    create_user(session, email=EMAIL, password="long enough", roles=[Role.VIEWER], now=now)
    session.commit()
    answers = [ask(client, email) for email in (EMAIL, "nobody@mail.example")]
    assert {(one.status_code, one.location) for one in answers} == {(303, "/sign-in/link")}
    kinds = session.scalars(select(Notice.kind).order_by(Notice.kind)).all()
    assert kinds == ["sign_in_link", "sign_up_link"]
    assert not [one for one in session.scalars(select(MailLink)) if "@" in repr(vars(one))]


def test_a_link_is_too_old_after_twenty_minutes(
    client: FlaskClient, session: Session, settings: Settings
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask(client)
        path = path_of(session, settings)
        clock.shift(timedelta(minutes=19, seconds=59))
        assert client.get(path).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(path).status_code == 404


@time_machine.travel(NOON, tick=False)
def test_whoever_proves_the_address_leaves_nothing_to_whoever_took_it_before(
    client: FlaskClient, session: Session, settings: Settings, now: datetime
) -> None:
    planted = sign_up(
        session, email=EMAIL, password="known to another", language="en", timezone="UTC", now=now
    )
    before = planted.fs_uniquifier
    session.commit()
    ask(client)
    press(client, path_of(session, settings))
    session.expire_all()
    assert (planted.password, planted.confirmed_at is None) == (None, False)
    assert planted.fs_uniquifier != before


@time_machine.travel(NOON, tick=False)
def test_whoever_took_an_address_before_learns_nothing_of_its_owner(
    client: FlaskClient, session: Session, settings: Settings, now: datetime
) -> None:
    planted = sign_up(
        session, email=EMAIL, password="known to another", language="en", timezone="UTC", now=now
    )
    recipient = recipient_of_user(session, user_id=planted.id, now=now)
    feed_of(session, recipient=recipient, now=now)
    choose_texts(
        session,
        recipient_id=recipient.id,
        phone="+4915112345678",
        texts=Texts,
        data_key=settings.data_key,
    )
    give_consent(session, user_id=planted.id, kind=ConsentKind.HISTORY, version=1, now=now)
    session.commit()
    ask(client)
    press(client, path_of(session, settings))
    session.expire_all()
    assert open_feed(session, recipient_id=recipient.id) is None
    assert recipient.phone_sealed == ""
    assert session.scalars(select(PersonConsent)).all() == []
    assert signed_in(client)


@time_machine.travel(NOON, tick=False)
def test_an_address_that_was_reminded_before_is_united_with_its_account(
    client: FlaskClient, session: Session, settings: Settings, now: datetime
) -> None:
    known = stranger(session, data_key=settings.data_key, now=now)
    registration(session, known, now)
    session.commit()
    ask(client)
    press(client, path_of(session, settings))
    session.expire_all()
    recipient = session.scalars(select(Recipient)).one()
    user = session.scalars(select(User)).one()
    assert (recipient.user_id, recipient.fingerprint) == (user.id, None)
    assert recipient.address_sealed == ""
    assert session.scalars(select(Registration.recipient_id)).all() == [recipient.id]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "\\\\evil"])
@time_machine.travel(NOON, tick=False)
def test_a_link_leads_nowhere_else(
    client: FlaskClient, session: Session, settings: Settings, target: str
) -> None:
    ask(client, next=target)
    assert press(client, path_of(session, settings)).location == "/account"


@time_machine.travel(NOON, tick=False)
def test_an_address_gets_five_links_an_hour(client: FlaskClient) -> None:
    assert [ask(client).status_code for _ in range(6)] == [303] * 5 + [429]


@time_machine.travel(NOON, tick=False)
def test_an_answer_that_proves_nothing_leaves_no_account(
    client: FlaskClient, session: Session
) -> None:
    token = csrf_of(client)
    options = client.post("/passkeys/options", data={"for": "sign_up", "csrf_token": token})
    asked = json.dumps({"challenge": json.loads(options.text)["challenge"]}).encode()
    said = {"clientDataJSON": bytes_to_base64url(asked), "attestationObject": "AAAA"}
    answer = json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": said})
    refused = client.post("/sign-up/passkey", data={"answer": answer, "csrf_token": token})
    assert refused.status_code == PasskeyRefused.status
    assert session.scalars(select(Challenge)).all() == []
    assert users(session) == 0
