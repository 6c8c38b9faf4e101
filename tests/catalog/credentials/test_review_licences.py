"""Who gets in by a roster, a number that two people claim, approvers who are gone."""

import csv
import io
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import ApiToken, AuditEntry, User
from accounts.services import create_user, issue_token, sign_up
from catalog.credentials.models import Credential, CredentialCheck
from catalog.credentials.queries.verification_queue import duplicates_of
from catalog.credentials.services import checks, joining
from catalog.credentials.services.applications import number_fingerprint
from catalog.models import Host
from tests.catalog.credentials.test_rosters import Desk
from tests.catalog.credentials.test_rosters import desk as desk  # noqa: PLC0414 -- fixture
from tests.fakes.applying import post
from tests.fakes.licences import LOOK, NUMBER, applied, licence, person, roster_file
from tests.fakes.programme import DATA_KEY
from web.site import Site

pytestmark = pytest.mark.integration

ADDRESS = "lin@roster.example"
PASSWORD = "a long enough one"


def signed_up(session: Session, now: datetime) -> User:
    return sign_up(
        session, email=ADDRESS, password=PASSWORD, language="en", timezone="UTC", now=now
    )


def test_whoever_signed_up_first_with_an_address_does_not_become_its_host(desk: Desk) -> None:
    squatter = signed_up(desk.session, desk.now)
    issue_token(desk.session, user=squatter, name="mine", now=desk.now)
    signed_in_as = squatter.fs_uniquifier
    roster = desk.approved(roster_file({"email": ADDRESS}))
    assert desk.session.get(Host, squatter.id) is not None
    assert squatter.password is None
    assert squatter.fs_uniquifier != signed_in_as
    assert desk.session.scalars(select(ApiToken)).all() == []
    act = select(AuditEntry.actor_id).where(AuditEntry.act == "roster.take_account_back")
    assert desk.session.scalars(act).all() == ["bob"]
    ((entry, secret),) = joining.make_links(
        desk.session, actor=desk.ann, roster_id=roster.id, now=desk.now
    )
    assert entry.email == ADDRESS
    assert joining.join(desk.session, secret=secret, password=PASSWORD, now=desk.now) is squatter


def test_an_account_whose_address_was_confirmed_keeps_its_password(desk: Desk) -> None:
    known = create_user(
        desk.session, email=ADDRESS, password=PASSWORD, roles=[Role.VIEWER], now=desk.now
    )
    before = known.password
    desk.approved(roster_file({"email": ADDRESS}))
    assert known.password == before


def test_a_number_on_a_roster_and_in_an_application_is_known_as_the_same(desk: Desk) -> None:
    person(desk.session, "other", desk.now)
    desk.approved(roster_file({"email": ADDRESS, "number": NUMBER}))
    listed = desk.session.scalars(select(Credential)).one()
    claimed = Credential(
        user_id="other",
        kind="psychiatrist",
        holder="Other",
        country="CN",
        authority="National Health Commission",
        number_sealed="",
        number_fingerprint=number_fingerprint(DATA_KEY, country="cn", number=f" {NUMBER.lower()}"),
        created_at=desk.now,
        updated_at=desk.now,
    )
    desk.session.add(claimed)
    desk.session.flush()
    assert [one[0] for one in duplicates_of(desk.session, credential=claimed)] == [listed.user_id]


def test_a_first_approver_whose_account_is_gone_leaves_the_second_to_somebody_else(
    session: Session, now: datetime
) -> None:
    cleo = person(session, "cleo", now, Role.EDITOR)
    dana = person(session, "dana", now, Role.EDITOR)
    applied(session, "shen", now)
    checks.confirm(session, actor=cleo, person_id="shen", now=now, **LOOK)
    session.execute(update(CredentialCheck).values(checked_by=None))  # as their erasure does
    checks.confirm(session, actor=dana, person_id="shen", now=now, **LOOK)
    assert session.scalars(select(Credential.state)).one() == "granted"
    steps = session.scalars(select(CredentialCheck.step).order_by(CredentialCheck.step)).all()
    assert steps == ["first", "second"]


@pytest.mark.parametrize("state", ["withdrawn", "refused"])
def test_no_roster_gives_back_what_editors_withdrew_or_refused(desk: Desk, state: str) -> None:
    person(desk.session, "old", desk.now, Role.HOST)
    desk.session.add(Host(id="old", names={"en": "Old"}, verified_until=None))
    licence(desk.session, "old", desk.now, state=state)
    desk.approved(roster_file({"email": "old@licences.example"}))
    assert desk.session.scalars(select(Credential.state)).all() == [state]
    assert desk.session.get_one(Host, "old").verified_until is None


def browser_of(app: Site, session: Session, name: str) -> FlaskClient:
    browser = app.test_client()
    with browser.session_transaction() as login:
        login["_user_id"] = session.get_one(User, name).fs_uniquifier
        login["_fresh"] = True
    return browser


def test_who_looks_at_the_people_of_a_roster_is_written_down(app: Site, desk: Desk) -> None:
    roster = desk.take(roster_file({}))
    desk.session.commit()
    browser = browser_of(app, desk.session, "ann")
    address = f"/administration/verification/rosters/{roster.id}"
    assert browser.get(address).status_code == 200
    acts = select(AuditEntry.actor_id, AuditEntry.subject_id)
    assert desk.session.execute(acts.where(AuditEntry.act == "roster.view")).all() == [
        ("ann", roster.id)
    ]


def test_nobody_of_a_roster_has_an_id_that_no_database_takes(app: Site, desk: Desk) -> None:
    roster = desk.take(roster_file({}))
    desk.session.commit()
    browser = browser_of(app, desk.session, "ann")
    page = f"/administration/verification/rosters/{roster.id}"
    answer = post(browser, f"{page}/people/%00", page, outcome="confirmed", **LOOK)
    assert answer.status_code == 404


def test_no_cell_of_the_links_is_a_formula(app: Site, desk: Desk) -> None:
    roster = desk.approved(roster_file({"email": "=1+1@roster.example", "name_en": "+Dr. Who"}))
    desk.session.commit()
    browser = browser_of(app, desk.session, "ann")
    page = f"/administration/verification/rosters/{roster.id}"
    answer = post(browser, f"{page}/links", page)
    (row,) = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]
    assert row[:2] == ["'=1+1@roster.example", "'+Dr. Who"]
