from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.rules import STRANGER
from catalog.models import Livestream
from core.sealing import fingerprint
from streams.playback.errors import NothingChosenError, NotPlayable
from streams.playback.models import Grant
from streams.playback.rules import GRANT_LIFE
from streams.playback.services import (
    forget_expired,
    grant_playback,
    held_token,
    revoke_grants,
)
from tests.streams.playback.conftest import World

pytestmark = pytest.mark.integration

MEMBERS = {"employee", "hr", "org_admin", "representative", "host", "editor", "administrator"}
CREW = {"host", "editor", "administrator"}


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
    world.grant(private, device="phone", who="hr")
    assert world.passes(private, world.now, granted)
    assert revoke_grants(session, **choose(world, private)) == count
    assert world.passes(private, world.now, granted) is (count == 0)


def test_revoke_grants_of_nobody_in_particular(session: Session) -> None:
    with pytest.raises(NothingChosenError):
        revoke_grants(session)


@pytest.mark.parametrize("who", ["viewer", "other employee", "other hr", "other host", "moderator"])
def test_grant_playback_to_an_outsider(world: World, private: Livestream, who: str) -> None:
    with pytest.raises(NotPlayable):
        world.grant(private, device="laptop", who=who)


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
    assert world.grant(private, device="laptop") == granted
    assert session.scalar(select(func.count()).select_from(Grant)) == 1


def test_grant_playback_on_a_third_device_ends_the_oldest(
    world: World, private: Livestream
) -> None:
    tokens = [
        world.grant(private, device=device, after=timedelta(minutes=place))
        for place, device in enumerate(("laptop", "phone", "tablet"))
    ]
    later = world.now + timedelta(minutes=3)
    assert [world.passes(private, later, token) for token in tokens] == [False, True, True]


def test_grant_playback_on_a_third_device_leaves_others_alone(
    world: World, private: Livestream
) -> None:
    elsewhere = world.livestream()
    kept = [
        (private, world.grant(private, device="laptop", who="hr")),
        (elsewhere, world.grant(elsewhere, device="laptop")),
    ]
    for device in ("laptop", "phone", "tablet"):
        world.grant(private, device=device)
    assert [world.passes(one, world.now, token) for one, token in kept] == [True, True]


def test_grant_playback_after_revocation_is_another(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    revoke_grants(session, user_id=world.users["employee"].id)
    again = world.grant(private, device="laptop")
    assert again != granted
    assert world.passes(private, world.now, again)
    assert not world.passes(private, world.now, granted)


def test_grant_playback_takes_the_place_of_an_expired_one(
    world: World, private: Livestream, granted: str
) -> None:
    fresh = world.grant(private, device="phone", after=GRANT_LIFE / 2)
    last = world.grant(private, device="tablet", after=GRANT_LIFE)
    later = world.now + GRANT_LIFE
    found = [world.passes(private, later, token) for token in (granted, fresh, last)]
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
    assert world.grant(private, device="laptop", after=half) == granted
    assert world.passes(private, world.now + GRANT_LIFE, granted)


def test_forget_expired_leaves_no_trace_of_who_watched(
    session: Session, world: World, private: Livestream, granted: str
) -> None:
    del granted
    world.grant(private, device="phone", who="hr", after=timedelta(hours=1))
    assert forget_expired(session, now=world.now + GRANT_LIFE) == 1
    assert session.scalars(select(Grant.user_id)).all() == [world.users["hr"].id]
