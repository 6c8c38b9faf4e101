from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import services
from accounts.access import actor_for, actor_of_token
from accounts.enums import Role
from accounts.errors import BadEmail, EmailTaken, RoleNeedsOrganisation, WeakPassword
from accounts.models import ApiToken, AuditEntry, AuditIsAppendOnly, Organisation, User
from accounts.queries import token_by_secret, user_by_email
from accounts.rules import STRANGER, Actor
from accounts.services import create_organisation, create_user, issue_token, record_audit
from core.errors import SignInNeeded

pytestmark = pytest.mark.integration

PASSWORD = "correct horse battery"


def make_user(session: Session, now: datetime, *roles: Role, email: str = "a@b.example") -> User:
    return create_user(session, email=email, password=PASSWORD, roles=roles, now=now)


def make_company(session: Session, now: datetime, slug: str = "north") -> Organisation:
    return create_organisation(session, slug=slug, names={"en": slug}, kind="company", now=now)


def test_create_user_keeps_the_address_in_lower_case_and_a_hash(
    session: Session, now: datetime
) -> None:
    user = make_user(session, now, Role.VIEWER, email=" Ann@B.Example ")
    assert (user.email, user.display_name, user.confirmed_at) == ("ann@b.example", "ann", now)
    assert str(user.password).startswith("$argon2id$")
    assert user_by_email(session, "ANN@b.EXAMPLE") is user


def test_create_user_twice_in_another_case_is_refused(session: Session, now: datetime) -> None:
    make_user(session, now)
    with pytest.raises(EmailTaken):
        make_user(session, now, email="A@B.EXAMPLE")


def test_address_in_upper_case_is_refused_by_the_database(session: Session, now: datetime) -> None:
    session.add(User(email="A@b.example", created_at=now))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("email", ["", "nobody", "a@", "a b@c.example"])
def test_create_user_with_no_address_is_refused(
    session: Session, now: datetime, email: str
) -> None:
    with pytest.raises(BadEmail):
        make_user(session, now, email=email)


@pytest.mark.parametrize("password", ["", "ninechars", "x" * 129])
def test_create_user_with_a_bad_password_is_refused(
    session: Session, now: datetime, password: str
) -> None:
    with pytest.raises(WeakPassword):
        create_user(session, email="a@b.example", password=password, roles=[], now=now)


def test_role_of_an_organisation_without_one_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(RoleNeedsOrganisation):
        make_user(session, now, Role.HR)


def test_actor_holds_roles_and_open_memberships(session: Session, now: datetime) -> None:
    north, south = make_company(session, now), make_company(session, now, "south")
    user = make_user(session, now, Role.VIEWER)
    for company in (north, south):
        services.add_member(
            session, user_id=user.id, organisation_id=company.id, role=Role.EMPLOYEE, now=now
        )
    services.end_membership(
        session, user_id=user.id, organisation_id=south.id, role=Role.EMPLOYEE, now=now
    )
    assert actor_for(session, user.id) == Actor(
        user_id=user.id,
        roles=frozenset({Role.VIEWER}),
        memberships=frozenset({(north.id, Role.EMPLOYEE)}),
    )


def test_membership_opened_twice_is_one(session: Session, now: datetime) -> None:
    company, user = make_company(session, now), make_user(session, now)
    first, second = (
        services.add_member(
            session, user_id=user.id, organisation_id=company.id, role=Role.HR, now=now
        )
        for _ in range(2)
    )
    assert first is second


def test_actor_for_a_closed_account_is_a_stranger(session: Session, now: datetime) -> None:
    user = make_user(session, now, Role.ADMINISTRATOR)
    user.active = False
    session.flush()
    assert actor_for(session, user.id) == STRANGER


def test_token_speaks_for_its_user_until_it_ends(session: Session, now: datetime) -> None:
    user = make_user(session, now, Role.EDITOR)
    later = now + timedelta(days=1)
    secret = issue_token(session, user=user, name="test", now=now, expires_at=later)
    assert actor_of_token(session, secret=secret, now=now).user_id == user.id
    with pytest.raises(SignInNeeded):
        actor_of_token(session, secret=secret, now=later)


def test_token_revoked_is_refused_at_once(session: Session, now: datetime) -> None:
    secret = issue_token(session, user=make_user(session, now), name="test", now=now)
    token = token_by_secret(session, secret)
    assert token is not None
    services.revoke_token(session, token_id=token.id, now=now)
    with pytest.raises(SignInNeeded):
        actor_of_token(session, secret=secret, now=now)


def test_token_secret_is_stored_nowhere(session: Session, now: datetime) -> None:
    secret = issue_token(session, user=make_user(session, now), name="test", now=now)
    row = session.execute(select(*ApiToken.__table__.columns)).one()
    assert secret not in [str(value) for value in row]


def test_token_use_is_noted_to_the_hour(session: Session, now: datetime) -> None:
    secret = issue_token(session, user=make_user(session, now), name="test", now=now)
    used = [now, now + timedelta(minutes=59), now + timedelta(minutes=61)]
    noted = []
    for moment in used:
        services.note_token_use(session, secret=secret, now=moment)
        noted.append(session.scalar(select(ApiToken.last_used_at)))
    assert noted == [now, now, used[2]]


def test_audit_entry_is_added_whole(session: Session, now: datetime) -> None:
    entry = record_audit(
        session,
        actor_id=None,
        act="user.create",
        subject_kind="user",
        subject_id="x",
        now=now,
        details={"role": "viewer"},
    )
    session.expire(entry)
    assert (entry.at, entry.act, entry.details) == (now, "user.create", {"role": "viewer"})


def test_audit_entry_changed_is_refused(session: Session, now: datetime) -> None:
    entry = record_audit(
        session, actor_id=None, act="a.b", subject_kind="user", subject_id="x", now=now
    )
    entry.act = "nothing.happened"
    with pytest.raises(AuditIsAppendOnly):
        session.flush()


def test_audit_entry_deleted_is_refused(session: Session, now: datetime) -> None:
    entry = record_audit(
        session, actor_id=None, act="a.b", subject_kind="user", subject_id="x", now=now
    )
    session.delete(entry)
    with pytest.raises(AuditIsAppendOnly):
        session.flush()


def test_audit_entries_deleted_in_bulk_are_refused(session: Session, now: datetime) -> None:
    record_audit(session, actor_id=None, act="a.b", subject_kind="user", subject_id="x", now=now)
    with pytest.raises(AuditIsAppendOnly):
        session.execute(delete(AuditEntry))
