from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import ApiToken
from accounts.rules import STRANGER
from accounts.services import end_membership
from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy, Visibility
from catalog.models import Livestream
from core.sealing import fingerprint
from streams.playback.errors import NothingChosenError, NotPlayable
from streams.playback.models import Grant
from streams.playback.rules import GRANT_LIFE
from streams.playback.services import (
    check_gate,
    forget_expired,
    grant_playback,
    held_token,
    revoke_grants,
)
from tests.streams.playback.conftest import PEOPLE, World

pytestmark = pytest.mark.integration

MEMBERS = {"employee", "hr", "org_admin", "representative", "host", "editor", "administrator"}
CREW = {"host", "editor", "administrator"}


@pytest.fixture
def private(world: World) -> Livestream:
    return world.livestream()


@pytest.fixture
def granted(session: Session, world: World, private: Livestream) -> str:
    return grant(session, world, private, device="laptop")


def grant(
    session: Session,
    world: World,
    livestream: Livestream,
    *,
    device: str,
    who: str = "employee",
    after: timedelta = timedelta(),
) -> str:
    return grant_playback(
        session,
        actor=world.actor(who),
        broadcast_id=livestream.broadcast_id,
        device=device,
        now=world.now + after,
    )


def passes(
    session: Session,
    livestream: Livestream,
    now: datetime,
    grant_token: str | None = None,
    bearer_token: str | None = None,
) -> bool:
    return check_gate(
        session,
        broadcast_id=livestream.broadcast_id,
        grant_token=grant_token,
        bearer_token=bearer_token,
        now=now,
    )


@pytest.mark.parametrize("policy", ReplayPolicy)
@pytest.mark.parametrize("state", L)
def test_check_gate_by_token_of_every_person(
    session: Session, world: World, state: L, policy: ReplayPolicy
) -> None:
    private = world.livestream(state, policy=policy)
    public = world.livestream(state, Visibility.PUBLIC, policy)
    tokens = {name: world.token(name) for name in PEOPLE}
    found = {
        visibility: {n for n, t in tokens.items() if passes(session, one, world.now, None, t)}
        for visibility, one in (("private", private), ("public", public))
    }
    is_open = state in {L.LIVE, L.PUBLISHED}
    assert found == {
        "private": MEMBERS if is_open else CREW,
        "public": set(PEOPLE) if is_open else CREW,
    }


def test_check_gate_of_an_unknown_broadcast(session: Session, world: World) -> None:
    token = world.token("administrator")
    assert not check_gate(
        session, broadcast_id="0" * 16, grant_token=None, bearer_token=token, now=world.now
    )


def test_check_gate_with_a_grant(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    other = world.livestream()
    assert passes(session, private, world.now, granted)
    assert not passes(session, other, world.now, granted)
    assert not passes(session, private, world.now, granted + "0")
    assert not passes(session, private, world.now, "")
    assert not passes(session, private, world.now + GRANT_LIFE, granted)


def test_check_gate_after_the_membership_ended(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    bearer = world.token("employee")
    end_membership(
        session,
        user_id=world.users["employee"].id,
        organisation_id=world.organisations["ours"].id,
        role=Role.EMPLOYEE,
        now=world.now,
    )
    assert not passes(session, private, world.now, granted, bearer)


def test_check_gate_after_the_account_was_closed(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    bearer = world.token("employee")
    world.users["employee"].active = False
    session.flush()
    assert not passes(session, private, world.now, granted, bearer)


@pytest.mark.parametrize("state", [L.CANCELLED, L.ENDED, L.SCHEDULED])
def test_check_gate_after_the_livestream_was_withdrawn(
    session: Session, world: World, private: Livestream, granted: str, state: L
) -> None:
    private.state = state
    session.flush()
    assert not passes(session, private, world.now, granted)


@pytest.mark.parametrize("change", ["revoked_at", "expires_at"])
def test_check_gate_with_a_token_that_is_over(
    session: Session, world: World, private: Livestream, change: str
) -> None:
    bearer = world.token("employee")
    assert passes(session, private, world.now, None, bearer)
    session.execute(update(ApiToken).values({change: world.now}))
    assert not passes(session, private, world.now, None, bearer)


Choice = Callable[[World, Livestream], dict[str, str]]
CHOICES: list[tuple[Choice, int]] = [
    (lambda world, _: {"user_id": world.users["employee"].id}, 1),
    (lambda _, private: {"broadcast_id": private.broadcast_id}, 2),
    (lambda world, _: {"organisation_id": world.organisations["ours"].id}, 2),
    (lambda world, _: {"organisation_id": world.organisations["theirs"].id}, 0),
    (lambda _w, _p: {"device": "laptop"}, 1),
    (lambda world, _: {"user_id": world.users["hr"].id, "device": "laptop"}, 0),
]


@pytest.mark.parametrize("case", CHOICES)
def test_revoke_grants_of(
    session: Session, world: World, private: Livestream, granted: str, case: tuple[Choice, int]
) -> None:
    choose, count = case
    grant(session, world, private, device="phone", who="hr")
    assert passes(session, private, world.now, granted)
    assert revoke_grants(session, **choose(world, private)) == count
    assert passes(session, private, world.now, granted) is (count == 0)


def test_revoke_grants_of_nobody_in_particular(session: Session) -> None:
    with pytest.raises(NothingChosenError):
        revoke_grants(session)


@pytest.mark.parametrize("who", ["viewer", "other employee", "other hr", "other host", "moderator"])
def test_grant_playback_to_an_outsider(
    session: Session, world: World, private: Livestream, who: str
) -> None:
    with pytest.raises(NotPlayable):
        grant(session, world, private, device="laptop", who=who)


def test_grant_playback_to_a_stranger_and_of_nothing(
    session: Session, world: World, private: Livestream
) -> None:
    for actor, broadcast_id in (
        (STRANGER, private.broadcast_id),
        (world.actor("editor"), "0" * 16),
    ):
        with pytest.raises(NotPlayable):
            grant_playback(
                session, actor=actor, broadcast_id=broadcast_id, device="laptop", now=world.now
            )


def test_grant_playback_keeps_neither_token_nor_device(
    session: Session, private: Livestream, granted: str
) -> None:
    row = session.execute(select(Grant.__table__)).one()
    assert (row.fingerprint, row.device) == (fingerprint(granted), fingerprint("laptop"))
    assert row.broadcast_id == private.broadcast_id
    assert not {granted, "laptop"} & set(row)


def test_grant_playback_in_two_tabs_of_one_browser(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    assert grant(session, world, private, device="laptop") == granted
    assert session.scalar(select(func.count()).select_from(Grant)) == 1


def test_grant_playback_on_a_third_device_ends_the_oldest(
    session: Session, world: World, private: Livestream
) -> None:
    tokens = [
        grant(session, world, private, device=device, after=timedelta(minutes=place))
        for place, device in enumerate(("laptop", "phone", "tablet"))
    ]
    later = world.now + timedelta(minutes=3)
    assert [passes(session, private, later, token) for token in tokens] == [False, True, True]


def test_grant_playback_on_a_third_device_leaves_others_alone(
    session: Session, world: World, private: Livestream
) -> None:
    elsewhere = world.livestream()
    kept = [
        (private, grant(session, world, private, device="laptop", who="hr")),
        (elsewhere, grant(session, world, elsewhere, device="laptop")),
    ]
    for device in ("laptop", "phone", "tablet"):
        grant(session, world, private, device=device)
    assert [passes(session, one, world.now, token) for one, token in kept] == [True, True]


def test_grant_playback_after_revocation_is_another(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    revoke_grants(session, user_id=world.users["employee"].id)
    again = grant(session, world, private, device="laptop")
    assert again != granted
    assert passes(session, private, world.now, again)
    assert not passes(session, private, world.now, granted)


def test_grant_playback_takes_the_place_of_an_expired_one(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    fresh = grant(session, world, private, device="phone", after=GRANT_LIFE / 2)
    last = grant(session, world, private, device="tablet", after=GRANT_LIFE)
    later = world.now + GRANT_LIFE
    found = [passes(session, private, later, token) for token in (granted, fresh, last)]
    assert found == [False, True, True]


def test_grant_playback_is_renewed_in_its_second_half(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    half = GRANT_LIFE / 2 + timedelta(seconds=1)
    held = {
        after: held_token(
            session,
            actor=world.actor("employee"),
            broadcast_id=private.broadcast_id,
            device="laptop",
            now=world.now + after,
        )
        for after in (timedelta(), half)
    }
    assert held == {timedelta(): granted, half: None}
    assert grant(session, world, private, device="laptop", after=half) == granted
    assert passes(session, private, world.now + GRANT_LIFE, granted)


def test_forget_expired_leaves_no_trace_of_who_watched(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    del granted
    grant(session, world, private, device="phone", who="hr", after=timedelta(hours=1))
    assert forget_expired(session, now=world.now + GRANT_LIFE) == 1
    assert session.scalars(select(Grant.user_id)).all() == [world.users["hr"].id]


@pytest.mark.parametrize(
    ("visibility", "device", "most"),
    [
        (Visibility.PUBLIC, "laptop", 1),
        (Visibility.ORGANISATION, "laptop", 2),
        (Visibility.ORGANISATION, "", 1),
    ],
)
def test_check_gate_asks_the_database_twice_at_most(
    session: Session, world: World, visibility: Visibility, device: str, most: int
) -> None:
    livestream = world.livestream(visibility=visibility)
    token = grant(session, world, livestream, device=device, who="host") if device else None
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    passes(session, livestream, world.now, token, token)
    event.remove(connection, "before_cursor_execute", note)
    assert len(asked) == most
