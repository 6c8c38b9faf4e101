from datetime import datetime

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.notices.models import Notice, Recipient
from accounts.notices.services.posting import Posting, post_to_staff, post_to_users
from accounts.services import give_roles


def _person(session: Session, name: str, now: datetime, *roles: Role, active: bool = True) -> None:
    user = User(id=name, email=f"{name}@posting.example", created_at=now, active=active)
    session.add(user)
    session.flush()
    give_roles(session, user=user, roles=roles, now=now)


def _told(session: Session) -> list[tuple[str | None, str, str]]:
    rows = session.execute(
        select(Recipient.user_id, Notice.kind, Notice.occurrence)
        .join(Notice, Notice.recipient_id == Recipient.id)
        .order_by(Recipient.user_id)
    )
    return [(user_id, kind, occurrence) for user_id, kind, occurrence in rows]


def test_each_is_told_their_own_once(session: Session, now: datetime) -> None:
    for name in ("ada", "ben"):
        _person(session, name, now)
    postings = {"ada": Posting("host_asked", "one"), "ben": Posting("host_asked", "two")}
    assert [post_to_users(session, postings, now=now) for _ in range(2)] == [2, 0]
    assert _told(session) == [("ada", "host_asked", "one"), ("ben", "host_asked", "two")]


def test_nobody_to_tell_writes_nothing(session: Session, now: datetime) -> None:
    assert post_to_users(session, {}, now=now) == 0


def test_statements_are_as_many_for_three_as_for_one(session: Session, now: datetime) -> None:
    for name in ("ada", "ben", "cleo", "dora"):
        _person(session, name, now)
    counted: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *said: counted.append(said[2]))
    post_to_users(session, {"ada": Posting("host_asked", "x")}, now=now)
    one = len(counted)
    names = ("ben", "cleo", "dora")
    post_to_users(session, {name: Posting("host_asked", "x") for name in names}, now=now)
    assert (one, len(counted) - one) == (5, 5)  # the last asks who wants text messages


def test_staff_is_every_open_account_with_such_a_role(session: Session, now: datetime) -> None:
    _person(session, "ann", now, Role.EDITOR)
    _person(session, "bob", now, Role.ADMINISTRATOR, Role.EDITOR)
    _person(session, "gone", now, Role.EDITOR, active=False)
    _person(session, "host", now, Role.HOST)
    _person(session, "self", now, Role.EDITOR)
    assert post_to_staff(session, Posting("staff_application", "one"), now=now, but="self") == 2
    assert [name for name, *_ in _told(session)] == ["ann", "bob"]
