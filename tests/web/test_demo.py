from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.access import actor_for, actor_of_token
from accounts.enums import Role
from accounts.errors import DemoOnOpenListener
from accounts.models import User
from accounts.queries import user_by_email
from catalog.demo import livestream_to_play
from catalog.models import Host, Livestream
from core.clock import utc_now
from core.database import Sessions
from core.settings import Settings, read_settings
from streams.doors.models import StreamKey
from streams.life import services as life
from web.app import create_app
from web.demo import DemoAccount, clear_demo, email_of, load_demo, renew_demo

pytestmark = pytest.mark.integration


def load(session: Session, now: datetime) -> list[DemoAccount]:
    return load_demo(session, now=now, data_key="a key")


def test_demo_has_one_account_of_each_role_that_can_act(session: Session, now: datetime) -> None:
    accounts = load(session, now)
    held = {
        account.role: actor_of_token(session, secret=account.token, now=now).has(Role(account.role))
        for account in accounts
    }
    assert held == dict.fromkeys(Role, True)
    assert len(accounts) == len(Role)


def test_demo_hr_and_employee_are_of_one_company(session: Session, now: datetime) -> None:
    by_role = {account.role: account for account in load(session, now)}
    companies = {
        organisation
        for role in ("hr", "employee", "org_admin", "representative")
        for organisation, _ in actor_of_token(
            session, secret=by_role[role].token, now=now
        ).memberships
    }
    other = session.scalars(select(User).where(User.email == "other-employee@demo.example")).one()
    others = {organisation for organisation, _ in actor_for(session, other.id).memberships}
    assert (len(companies), len(others), companies & others) == (1, 1, set())


def test_demo_has_a_private_livestream_of_each_company(session: Session, now: datetime) -> None:
    load(session, now)
    private = select(Livestream.organisation_id).where(Livestream.organisation_id.is_not(None))
    assert len(set(session.scalars(private))) == 2


def test_demo_loaded_twice_is_the_same_with_new_tokens(session: Session, now: datetime) -> None:
    people = select(func.count()).select_from(User)
    first = load(session, now)
    counted = session.scalar(people)
    second = load(session, now + timedelta(minutes=1))
    assert [replace(one, token="") for one in first] == [replace(one, token="") for one in second]
    assert {one.token for one in first}.isdisjoint(one.token for one in second)
    assert session.scalar(people) == counted


def test_demo_livestreams_have_stream_keys(session: Session, now: datetime) -> None:
    load(session, now)
    counts = [session.scalar(select(func.count()).select_from(t)) for t in (Livestream, StreamKey)]
    assert counts[0] == counts[1] != 0


def test_demo_password_signs_in(client: FlaskClient, session: Session, now: datetime) -> None:
    account = load(session, now)[0]
    session.commit()
    data = {"email": account.email, "password": account.password}
    assert client.post("/sign-in", data=data).status_code == 400  # the form needs its token
    page = client.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert client.post("/sign-in", data={**data, "csrf_token": token}).status_code == 302


def test_demo_cleared_leaves_nobody_with_a_known_password(session: Session, now: datetime) -> None:
    load(session, now)
    clear_demo(session, now=now)
    counts = [
        session.scalar(select(func.count()).select_from(table))
        for table in (User, Host, Livestream)
    ]
    assert counts == [0, 0, 0]


def test_demo_accounts_keep_the_site_off_an_open_listener(
    sessions: Sessions, settings: Settings, now: datetime
) -> None:
    with sessions.begin() as session:
        load(session, now)
    create_app(settings)
    with pytest.raises(DemoOnOpenListener):
        create_app(replace(settings, bind="192.0.2.1"))


def test_demo_is_renewed_with_something_on_air(session: Session, now: datetime) -> None:
    load(session, now)
    first = session.get_one(Livestream, livestream_to_play(session, now=now))
    life.encoder_arrived(session, livestream_id=first.id, now=now)
    later = first.ends_at + timedelta(minutes=1)
    renew_demo(session, read_settings({"DATA_KEY": "a key"}), now=later)
    session.refresh(first)
    second = session.get_one(Livestream, livestream_to_play(session, now=later))
    assert (first.state, second.state, second.starts_at <= later) == (
        "published",
        "scheduled",
        True,
    )


def test_demo_on_air_goes_with_its_media_when_it_is_over(session: Session, now: datetime) -> None:
    load(session, now)
    first = livestream_to_play(session, now=now)
    life.encoder_arrived(session, livestream_id=first or "", now=now)
    for minutes in (61, 75):
        renew_demo(session, read_settings({"DATA_KEY": "k"}), now=now + timedelta(minutes=minutes))
    assert session.get(Livestream, first) is None


def test_demo_that_was_cleared_is_not_renewed(session: Session, now: datetime) -> None:
    load(session, now)
    clear_demo(session, now=now)
    renew_demo(session, read_settings({"DATA_KEY": "a key"}), now=now)
    assert session.scalar(select(func.count()).select_from(Livestream)) == 0


def test_demo_renewal_leaves_a_withdrawn_verification(session: Session, now: datetime) -> None:
    load(session, now)
    host = session.scalars(select(Host).where(Host.verified_until.is_not(None))).first()
    assert host is not None
    host.verified_until = None
    session.flush()
    renew_demo(session, read_settings({"DATA_KEY": "a key"}), now=now)
    assert host.verified_until is None


def test_demo_host_goes_live_and_what_an_editor_schedules_can_begin(
    client: FlaskClient, session: Session
) -> None:
    now = utc_now()
    accounts = {one.role: one for one in load(session, now)}
    host = user_by_email(session, email_of(Role.HOST))
    assert host is not None
    own = session.scalars(
        select(Livestream)
        .where(Livestream.host_id == host.id, Livestream.state == "scheduled")
        .where(Livestream.ends_at > now, Livestream.starts_at < now + timedelta(days=7))
        .order_by(Livestream.starts_at)
    ).first()
    assert own is not None
    session.commit()
    night = (now + timedelta(days=3)).replace(hour=20, minute=0, second=0, microsecond=0)
    body = {
        "title": "Sleep well",
        "topics": ["sleep"],
        "language": "en",
        "host": host.id,
        "starts_at": night.isoformat(),
        "ends_at": (night + timedelta(minutes=45)).isoformat(),
        "timezone": "UTC",
    }
    editor = {"Authorization": f"Bearer {accounts['editor'].token}"}
    made = client.post("/api/v1/livestreams", json=body, headers=editor).get_json()["id"]
    answers = [
        client.post(f"/api/v1/livestreams/{made}/schedule", headers=editor),
        client.post(f"/api/v1/livestreams/{made}/start", headers=editor),
        client.post(
            f"/api/v1/livestreams/{own.id}/start",
            headers={"Authorization": f"Bearer {accounts['host'].token}"},
        ),
    ]
    assert [(one.status_code, one.get_json().get("state")) for one in answers] == [
        (200, "scheduled"),
        (200, "live"),
        (200, "live"),
    ]
