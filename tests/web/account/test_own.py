"""What stands in an account: consent, address, taking everything along, and the end."""

import io
import json
import re
import zipfile
from datetime import datetime
from types import SimpleNamespace

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.joining.enums import LinkPurpose
from accounts.joining.models import Erasure, MailLink, Passkey, PersonConsent
from accounts.joining.rules import make_secret
from accounts.models import User
from accounts.notices.models import Notice
from accounts.services import create_user, issue_token
from catalog.credentials.models import Application, Document
from catalog.models import Livestream
from core.sealing import seal_bytes
from core.settings import Settings
from streams.history.models import Position
from streams.history.rules import owner_key
from tests.fakes.people import Someone, fill
from tests.fakes.storage import MemoryStorage
from tests.web.access_seed import make_world
from web.site import Site

pytestmark = pytest.mark.integration

NOON = "2026-03-10T18:00:00+00:00"
PASSWORD = "correct horse battery"


@pytest.fixture
def mei(session: Session, now: datetime) -> User:
    user = create_user(
        session, email="mei@mail.example", password=PASSWORD, roles=[Role.VIEWER], now=now
    )
    session.commit()
    return user


def csrf_of(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def enter(client: FlaskClient, user: User) -> None:
    token = csrf_of(client, "/sign-in")
    data = {"email": user.email, "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=data).status_code == 302


def send(client: FlaskClient, path: str, page: str = "/account", **data: str) -> int:
    token = csrf_of(client, page)
    return client.post(path, data={"csrf_token": token, **data}).status_code


@time_machine.travel(NOON, tick=False)
def test_history_is_kept_with_a_yes_alone_apart_from_the_person_and_gone_with_a_no(
    client: FlaskClient, session: Session, settings: Settings, mei: User, now: datetime
) -> None:
    world = make_world(session, data_key=settings.data_key, now=now)
    show = world.livestreams["public"]
    secret = issue_token(session, user=mei, name="player", now=now)
    session.commit()
    program = client.application.test_client()
    bearer = {"Authorization": f"Bearer {secret}"}
    path = f"/api/v1/livestreams/{show.id}/position"

    def keep(seconds: int) -> int:
        return program.put(path, json={"seconds": seconds}, headers=bearer).status_code

    assert keep(60) == 403
    enter(client, mei)
    assert send(client, "/account/privacy/history", act="on", version="1") == 303
    assert keep(75) == 200
    assert program.get(path, headers=bearer).json == {"seconds": 75}
    row = session.scalars(select(Position)).one()
    assert row.owner == owner_key(settings.data_key, mei.id)
    assert mei.id not in repr(vars(row))
    assert str(show.titles["en"]) in client.get("/account/history").text
    assert send(client, "/account/privacy/history", act="off") == 303
    assert session.scalars(select(Position)).all() == []
    assert keep(90) == 403
    session.expire_all()
    assert session.scalars(select(PersonConsent)).one().withdrawn_at is not None


@time_machine.travel(NOON, tick=False)
def test_an_address_changes_from_the_new_one_and_the_old_one_is_told(
    client: FlaskClient, session: Session, settings: Settings, mei: User
) -> None:
    enter(client, mei)
    assert send(client, "/account/address", email="new@mail.example") == 303
    assert mei.email == "mei@mail.example"
    link = session.scalars(select(MailLink).where(MailLink.purpose == LinkPurpose.ADDRESS)).one()
    path = f"/account/address/link/{make_secret(settings.data_key, link.id)}"
    assert client.application.test_client().get(path).status_code == 401
    assert send(client, path, path) == 303
    session.expire_all()
    assert mei.email == "new@mail.example"
    told = session.scalars(select(Notice).where(Notice.kind == "address_changed")).one()
    assert told.recipient_id != link.recipient_id
    assert client.get("/account").status_code == 200


@time_machine.travel(NOON, tick=False)
def test_a_link_in_the_mailbox_that_was_left_lets_nobody_in(
    client: FlaskClient, session: Session, settings: Settings, mei: User
) -> None:
    other = client.application.test_client()
    assert send(other, "/sign-in/link", "/sign-up", email=mei.email) == 303
    old = session.scalars(select(MailLink)).one()
    before = f"/sign-in/link/{make_secret(settings.data_key, old.id)}"
    assert other.get(before).status_code == 200
    enter(client, mei)
    assert send(client, "/account/address", email="new@mail.example") == 303
    link = session.scalars(select(MailLink).where(MailLink.purpose == LinkPurpose.ADDRESS)).one()
    path = f"/account/address/link/{make_secret(settings.data_key, link.id)}"
    assert send(client, path, path) == 303
    assert other.get(before).status_code == 404


@time_machine.travel(NOON, tick=False)
def test_an_export_holds_the_pages_of_a_licence(
    app: Site, client: FlaskClient, session: Session, mei: User, settings: Settings, now: datetime
) -> None:
    storage = MemoryStorage()
    app.extensions["mindcast.storage"] = SimpleNamespace(storage=storage)
    storage.put_bytes("sealed", seal_bytes(settings.data_key, b"page"), content_type="x/y")
    application = Application(user_id=mei.id, created_at=now, updated_at=now)
    session.add(application)
    session.flush()
    document = {"name": "licence.pdf", "media_type": "application/pdf", "size": 4, "sha256": ""}
    session.add(
        Document(application_id=application.id, object_key="sealed", created_at=now, **document)
    )
    session.commit()
    enter(client, mei)
    with zipfile.ZipFile(io.BytesIO(client.get("/account/export").data)) as archive:
        assert archive.read("licence/01-licence.pdf") == b"page"


@time_machine.travel(NOON, tick=False)
def test_an_erasure_has_a_receipt_that_names_nobody(
    client: FlaskClient, session: Session, mei: User
) -> None:
    user_id, email = mei.id, mei.email
    enter(client, mei)
    exported = client.get("/account/export")
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        whole = json.loads(archive.read("everything.json"))
    assert whole["tables"]["accounts_user"][0]["email"] == email
    assert send(client, "/account/erase", sure="0") == 422
    token = csrf_of(client, "/account/erase")
    done = client.post("/account/erase", data={"csrf_token": token, "sure": "1"})
    session.expire_all()
    receipt = session.scalars(select(Erasure)).one()
    assert done.location == f"/receipts/{receipt.id}"
    assert session.get(User, user_id) is None
    assert (receipt.user_id, receipt.counts["accounts_user"]) == (None, 1)
    assert client.get("/account").status_code == 401
    stranger = client.application.test_client()
    page = stranger.get(f"/receipts/{receipt.id}")
    assert page.status_code == 200
    assert email not in page.text
    assert receipt.id in stranger.get(f"/receipts/{receipt.id}/file").text


@time_machine.travel(NOON, tick=False)
def test_a_host_for_whom_people_wait_is_told_what_must_happen_first(
    client: FlaskClient, session: Session, now: datetime, settings: Settings
) -> None:
    someone = Someone("mei", "history", now, settings.data_key)
    fill(session, someone)
    show = session.get_one(Livestream, someone.livestream_id)
    show.state = "scheduled"
    session.commit()
    with client.session_transaction() as login:
        login["_user_id"] = someone.rows["accounts_user"]["fs_uniquifier"]
        login["_fresh"] = True
        login["fs_paa"] = now.timestamp()
    page = client.get("/account/erase")
    assert f"/livestreams/{show.id}/desk" in page.text
    assert 'name="sure"' not in page.text
    assert client.post("/account/erase", data={"sure": "1"}).status_code == 400


def test_nothing_that_cannot_be_taken_back_happens_without_a_fresh_sign_in(
    client: FlaskClient, session: Session, mei: User
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        enter(client, mei)
        clock.shift(1801)
        assert client.get("/account/export").location == "/account/again?next=/account/export"
        assert send(client, "/account/erase", sure="1") == 303
        assert session.get(User, mei.id) is not None
        assert send(client, "/account/again", "/account/again", password="wrong") == 422
        assert send(client, "/account/again", "/account/again", password=PASSWORD) == 303
        assert client.get("/account/export").status_code == 200


def test_signing_out_elsewhere_proves_nothing(
    client: FlaskClient, session: Session, mei: User
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        enter(client, mei)
        clock.shift(1801)
        assert send(client, "/account/sessions/end") == 303
        assert client.get("/account").status_code == 200
        assert client.get("/account/export").location == "/account/again?next=/account/export"
        assert send(client, "/account/erase", sure="1") == 303
        assert session.get(User, mei.id) is not None


@time_machine.travel(NOON, tick=False)
def test_an_administrator_keeps_a_way_in_as_no_link_is_sent_to_them(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    head = create_user(
        session,
        email="head@mail.example",
        password=PASSWORD,
        roles=[Role.ADMINISTRATOR],
        now=now,
    )
    key = Passkey(user_id=head.id, credential_id="one", public_key=b"", name="One", created_at=now)
    session.add(key)
    session.commit()
    enter(client, head)
    assert send(client, f"/account/passkeys/{key.id}/remove") == 303
    assert send(client, "/account/password", act="remove") == 422
    session.expire_all()
    assert head.password is not None
