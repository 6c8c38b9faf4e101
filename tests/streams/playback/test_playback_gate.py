from itertools import product

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import ApiToken
from accounts.services import end_membership
from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy, Visibility
from catalog.models import Livestream
from streams.playback.rules import GRANT_LIFE
from streams.playback.services import (
    check_gate,
)
from tests.streams.playback.conftest import PEOPLE, World

pytestmark = pytest.mark.integration

MEMBERS = {"employee", "hr", "org_admin", "representative", "host", "editor", "administrator"}
CREW = {"host", "editor", "administrator"}


def test_check_gate_by_token_of_every_person(world: World) -> None:
    tokens = {name: world.token(name) for name in PEOPLE}
    cases = list(product(L, ReplayPolicy, Visibility))
    found = {
        case: {name for name, token in tokens.items() if world.passes(one, world.now, None, token)}
        for case in cases
        for one in [world.livestream(case[0], case[2], case[1])]
    }
    assert found == {case: expected(case[0], case[2]) for case in cases}


def expected(state: L, visibility: Visibility) -> set[str]:
    if state not in {L.LIVE, L.PUBLISHED}:
        return CREW
    return set(PEOPLE) if visibility is Visibility.PUBLIC else MEMBERS


def test_check_gate_of_an_unknown_broadcast(session: Session, world: World) -> None:
    token = world.token("administrator")
    assert not check_gate(
        session, broadcast_id="0" * 16, grant_token=None, bearer_token=token, now=world.now
    )


def test_check_gate_with_a_grant(world: World, private: Livestream, granted: str) -> None:
    other = world.livestream()
    assert world.passes(private, world.now, granted)
    assert not world.passes(other, world.now, granted)
    assert not world.passes(private, world.now, granted + "0")
    assert not world.passes(private, world.now, "")
    assert not world.passes(private, world.now + GRANT_LIFE, granted)


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
    assert not world.passes(private, world.now, granted, bearer)


def test_check_gate_after_the_account_was_closed(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    bearer = world.token("employee")
    world.users["employee"].active = False
    session.flush()
    assert not world.passes(private, world.now, granted, bearer)


@pytest.mark.parametrize("state", [L.CANCELLED, L.ENDED, L.SCHEDULED])
def test_check_gate_after_the_livestream_was_withdrawn(
    session: Session, world: World, private: Livestream, granted: str, state: L
) -> None:
    private.state = state
    session.flush()
    assert not world.passes(private, world.now, granted)


@pytest.mark.parametrize("change", ["revoked_at", "expires_at"])
def test_check_gate_with_a_token_that_is_over(
    session: Session, world: World, private: Livestream, change: str
) -> None:
    bearer = world.token("employee")
    assert world.passes(private, world.now, None, bearer)
    session.execute(update(ApiToken).values({change: world.now}))
    assert not world.passes(private, world.now, None, bearer)


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
    token = world.grant(livestream, device=device, who="host") if device else None
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    world.passes(livestream, world.now, token, token)
    event.remove(connection, "before_cursor_execute", note)
    assert len(asked) == most
