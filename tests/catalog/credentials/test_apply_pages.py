import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import AuditEntry, User
from catalog.credentials.models import (
    Application,
    Consent,
    Credential,
    CredentialCheck,
    Document,
)
from catalog.credentials.rules.application import REQUIRED
from core.sealing import keyed_fingerprint, unseal
from tests.fakes.applying import page_file, post, send, token
from tests.fakes.hosting import browser_of
from tests.fakes.programme import DATA_KEY, World
from tests.fakes.storage import MemoryStorage
from web.site import Site

pytestmark = pytest.mark.integration

PERSON = {
    "name_en": "Dr. Shen Yiran",
    "name_zh": "沈怡然",
    "title_en": "Consultant psychiatrist",
    "institution_en": "Harbour Hospital",
}
LICENCE = {
    "kind": "psychiatrist",
    "country": "CN",
    "authority": "Provincial health commission",
    "number": "110 110-00002418",
}
AGREEMENT = {"interests": "none", "recording": "1"}
ACCOUNT = {"email": "shen@example.org", "password": "four odd words here"}


def fill(browser: FlaskClient) -> TestResponse:
    """Go through the wizard after the account, and send it."""
    send(browser, "/apply/about-you", go="next", **PERSON)
    send(browser, "/apply/licence", go="next", document=page_file(), **LICENCE)
    send(browser, "/apply/topics", go="next", topics=["sleep"], languages=["en", "zh-Hans"])
    return send(browser, "/apply/agreement", go="next", **AGREEMENT)


@pytest.fixture(autouse=True)
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def objects(app: Site) -> MemoryStorage:
    """Keep pages in memory in place of an S3 server."""
    storage = MemoryStorage()
    app.extensions["mindcast.storage"].storage = storage
    return storage


@pytest.fixture
def viewer(app: Site, world: World, objects: MemoryStorage) -> FlaskClient:
    del objects
    return browser_of(app, world, "viewer")


def application(session: Session, user_id: str = "viewer") -> Application:
    session.expire_all()
    return session.scalars(select(Application).where(Application.user_id == user_id)).one()


def test_wizard_of_a_stranger_asks_for_twelve_fields_and_ends_sent(
    session: Session, objects: MemoryStorage, client: FlaskClient
) -> None:
    assert len(REQUIRED) <= 12
    answer = send(client, "/apply/account", **ACCOUNT)
    assert (answer.status_code, answer.location) == (303, "/apply/about-you")
    assert fill(client).location == "/apply/status"
    user = session.scalars(select(User).where(User.email == ACCOUNT["email"])).one()
    held = application(session, user.id)
    licence = session.scalars(select(Credential).where(Credential.user_id == user.id)).one()
    assert (held.state, licence.state, licence.kind) == ("submitted", "pending", "psychiatrist")
    assert (user.confirmed_at, [role.name for role in user.roles]) == (None, ["viewer"])
    assert licence.holder == "Dr. Shen Yiran"
    assert licence.number_fingerprint == keyed_fingerprint(DATA_KEY, "CN:11011000002418")
    consent = session.scalars(select(Consent).where(Consent.user_id == user.id)).one()
    assert (consent.kind, consent.version, consent.withdrawn_at) == ("recording", 1, None)
    assert len(objects.objects) == 1


def test_empty_wizard_names_every_required_field_and_no_other(
    session: Session, viewer: FlaskClient, client: FlaskClient
) -> None:
    faulty = set(re.findall(r'<li><a href="#(\w+)">', send(client, "/apply/account").text))
    for step in ("about-you", "licence", "topics", "agreement"):
        page = send(viewer, f"/apply/{step}", go="next").text
        faulty |= set(re.findall(r'<li><a href="#(\w+)">', page))
    assert faulty == set(REQUIRED)
    assert application(session).state == "draft"


def test_step_with_a_fault_keeps_what_was_typed(session: Session, viewer: FlaskClient) -> None:
    answer = send(viewer, "/apply/about-you", go="next", name_en="x" * 200, title_zh=" 主任医师 ")
    assert answer.status_code == 422
    assert 'href="#name_en"' in answer.text
    kept = application(session).answers
    assert (kept["name_en"], kept["title_zh"]) == ("x" * 200, " 主任医师 ")
    assert "主任医师" in viewer.get("/apply/about-you").text


def test_back_and_later_save_without_asking_for_more(session: Session, viewer: FlaskClient) -> None:
    back = send(viewer, "/apply/licence", go="back", authority="Board")
    later = send(viewer, "/apply/agreement", go="later", interests="listed")
    assert (back.location, later.location) == ("/apply/about-you", "/apply/status")
    assert application(session).answers["authority"] == "Board"
    assert application(session).answers["interests"] == "listed"


def test_one_field_saved_by_script_leaves_the_others_alone(
    session: Session, viewer: FlaskClient
) -> None:
    send(viewer, "/apply/about-you", go="next", **PERSON)
    answer = send(viewer, "/apply/about-you", only="title_en", title_en="Professor")
    assert answer.status_code == 204
    assert application(session).answers | PERSON == application(session).answers | {
        **PERSON,
        "title_en": "Consultant psychiatrist",
    }
    assert application(session).answers["title_en"] == "Professor"


def test_number_is_sealed_at_once_and_shown_by_its_end_alone(
    session: Session, viewer: FlaskClient
) -> None:
    send(viewer, "/apply/licence", go="later", number=LICENCE["number"])
    held = application(session)
    assert "number" not in held.answers
    assert "2418" not in held.number_sealed
    assert unseal(DATA_KEY, held.number_sealed) == LICENCE["number"]
    page = viewer.get("/apply/licence").text
    assert "It ends in 418" in page
    assert "2418" not in page
    send(viewer, "/apply/licence", go="later", authority="Board")
    assert unseal(DATA_KEY, application(session).number_sealed) == LICENCE["number"]


def test_sign_up_with_a_known_address_makes_no_account_and_tells_no_more(
    session: Session, client: FlaskClient
) -> None:
    before = session.scalar(select(func.count()).select_from(User))
    answer = send(client, "/apply/account", email="Host@example.org", password="a long password")
    assert answer.status_code == 422
    assert "No new account can be made with this address" in answer.text
    assert session.scalar(select(func.count()).select_from(User)) == before
    assert client.get("/apply/status").status_code == 401


def test_sixth_sign_up_of_an_address_in_an_hour_is_refused(
    client: FlaskClient,
) -> None:
    known = {"email": "host@example.org", "password": "a long password"}
    codes = [send(client, "/apply/account", **known).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert int(send(client, "/apply/account", **known).headers["Retry-After"]) > 0


def test_session_before_sign_up_is_left_behind(client: FlaskClient) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    send(client, "/apply/account", **ACCOUNT)
    with client.session_transaction() as after:
        assert "planted" not in after
        assert "_user_id" in after


def test_application_sent_before_it_is_complete_names_what_is_missing(
    session: Session, viewer: FlaskClient
) -> None:
    answer = send(viewer, "/apply/agreement", go="next", **AGREEMENT)
    assert answer.status_code == 422
    assert 'href="/apply/licence?check=1#number"' in answer.text
    assert 'aria-invalid="true"' in viewer.get("/apply/licence?check=1").text
    assert application(session).state == "draft"


def test_sent_application_is_closed_until_an_editor_returns_it(
    session: Session, viewer: FlaskClient
) -> None:
    fill(viewer)
    csrf = token(viewer, "/apply/status")
    late = viewer.post("/apply/about-you", data={"csrf_token": csrf, "name_en": "Other"})
    by_script = viewer.post(
        "/apply/about-you", data={"csrf_token": csrf, "only": "name_en", "name_en": "Other"}
    )
    assert (late.location, by_script.status_code) == ("/apply/status", 409)
    held = application(session)
    assert held.answers["name_en"] == PERSON["name_en"]
    held.state, held.note = "returned", "The second page is not readable."
    session.commit()
    assert "The second page is not readable." in viewer.get("/apply/status").text
    assert "The second page is not readable." in viewer.get("/apply/licence").text
    assert post(viewer, "/apply/submit", "/apply/status").location == "/apply/status"
    assert application(session).state == "submitted"


def test_changed_facts_after_a_check_begin_a_new_licence(
    session: Session, viewer: FlaskClient, now: datetime
) -> None:

    fill(viewer)
    first = session.scalars(select(Credential)).one()
    session.add(
        CredentialCheck(
            credential_id=first.id,
            step="first",
            outcome="confirmed",
            checked_by="editor",
            source="register",
            evidence="seen",
            checked_at=now,
        )
    )
    application(session).state = "returned"
    session.commit()
    send(viewer, "/apply/licence", go="next", **{**LICENCE, "number": "999888777"})
    post(viewer, "/apply/submit", "/apply/status")
    states = {row.id: row.state for row in session.scalars(select(Credential))}
    assert states.pop(first.id) == "refused"
    assert list(states.values()) == ["pending"]


def test_erasing_removes_rows_objects_and_the_pending_licence(
    session: Session, viewer: FlaskClient, objects: MemoryStorage
) -> None:
    fill(viewer)
    assert len(objects.objects) == 1
    assert post(viewer, "/apply/erase", "/apply/status").location == "/apply?erased=1"
    left = [
        session.scalar(select(func.count()).select_from(table))
        for table in (Application, Document, Credential)
    ]
    assert (left, objects.objects) == ([0, 0, 0], {})
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert set(acts) == {"application.submit", "consent.give", "application.erase"}


def test_status_of_each_state_says_what_comes_next(
    session: Session, viewer: FlaskClient, now: datetime
) -> None:
    send(viewer, "/apply/about-you", go="later", **PERSON)
    assert "Your application is not sent yet" in viewer.get("/apply/status").text
    fill(viewer)
    assert "two working days" in viewer.get("/apply/status").text
    for state, words in (("granted", "You are a host"), ("refused", "The reason")):
        held = application(session)
        held.state, held.note, held.decided_at = state, "Not on the register.", now
        session.commit()
        assert words in viewer.get("/apply/status").text
    assert "Not on the register." in viewer.get("/apply/status").text


def test_steps_are_for_those_who_signed_in(client: FlaskClient) -> None:
    assert client.get("/apply").status_code == 200
    assert client.get("/apply/licence").location == "/apply/account"
    assert client.get("/apply/status").status_code == 401
