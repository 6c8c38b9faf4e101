"""Rechecks, notice, withdrawal and the way back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.rules import Actor
from catalog.credentials.errors import LicenceEnded, NoLicence, OpenAlready
from catalog.credentials.models import Credential, CredentialCheck
from catalog.credentials.queries.verification_queue import queue_for
from catalog.credentials.services import checks, rechecks, withdrawal
from catalog.models import Host
from catalog.rules import is_verified
from core.errors import InvalidInput, NotAllowed
from tests.fakes.licences import LOOK, licence, person

pytestmark = pytest.mark.integration

DUE = timedelta(days=5)


class Desk:
    """An editor, an administrator, and a host whose recheck is due in five days."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.ann = person(session, "ann", now, Role.EDITOR)
        self.bob = person(session, "bob", now, Role.ADMINISTRATOR)
        self.shen = person(session, "shen", now, Role.HOST)
        self.host = Host(id="shen", names={"en": "Shen"}, verified_until=now + DUE)
        session.add(self.host)
        self.credential = licence(session, "shen", now, state="granted", due_in=DUE)

    def recheck(self, actor: Actor, *, ends: datetime | None = None, now: datetime) -> Credential:
        return rechecks.recheck(
            self.session, actor=actor, person_id="shen", new_end=ends, now=now, **LOOK
        )

    def withdraw(self, actor: Actor, reason: str = "Struck off the register.") -> None:
        withdrawal.withdraw(
            self.session, actor=actor, person_id="shen", reason=reason, now=self.now
        )

    def acts(self) -> list[str]:
        return sorted(self.session.scalars(select(AuditEntry.act)))


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    return Desk(session, now)


def test_recheck_makes_it_valid_for_ninety_days_more(desk: Desk) -> None:
    desk.recheck(desk.ann, now=desk.now)
    until = desk.now + timedelta(days=90)
    assert (desk.host.verified_until, desk.credential.recheck_due_at) == (until, until)
    assert desk.host.checked_at == desk.now
    said = desk.session.scalars(select(CredentialCheck)).one()
    assert (said.step, said.checked_by, said.source) == ("recheck", "ann", LOOK["source"])


def test_recheck_brings_a_lapsed_host_back(desk: Desk) -> None:
    late = desk.now + timedelta(days=100)
    assert [one.person_id for one in queue_for(desk.session, actor_id="ann", now=late).lapsed] == [
        "shen"
    ]
    desk.recheck(desk.ann, now=late)
    assert desk.host.verified_until == late + timedelta(days=90)
    assert queue_for(desk.session, actor_id="ann", now=late).is_empty


def test_recheck_stops_at_the_end_of_the_licence_and_takes_a_new_one(desk: Desk) -> None:
    desk.credential.valid_until = desk.now + timedelta(days=10)
    desk.recheck(desk.ann, now=desk.now)
    assert desk.host.verified_until == desk.now + timedelta(days=10)
    late = desk.now + timedelta(days=10)
    with pytest.raises(LicenceEnded):
        desk.recheck(desk.ann, now=late)
    with pytest.raises(InvalidInput):
        desk.recheck(desk.ann, ends=late, now=late)
    desk.recheck(desk.ann, ends=late + timedelta(days=30), now=late)
    assert desk.host.verified_until == late + timedelta(days=30)


def test_host_rechecks_nothing_of_their_own(desk: Desk) -> None:
    own = Actor(user_id="shen", roles=frozenset({Role.EDITOR, Role.HOST}))
    with pytest.raises(NotAllowed):
        desk.recheck(own, now=desk.now)
    assert queue_for(desk.session, actor_id="shen", now=desk.now).due == ()


@pytest.mark.parametrize(("days", "told"), [(15, []), (14, ["shen"])], ids=["early", "due"])
def test_due_licence_is_announced_fourteen_days_before_and_once(
    desk: Desk, days: int, told: list[str]
) -> None:
    desk.credential.recheck_due_at = desk.now + timedelta(days=days)
    desk.session.flush()
    first = rechecks.announce_due(desk.session, desk.now)
    desk.session.expire_all()
    again = rechecks.announce_due(desk.session, desk.now)
    assert (list(first), list(again)) == (told, [])
    assert desk.acts() == (["credential.due"] if told else [])
    assert desk.credential.lapse_told_at == (desk.now if told else None)


def test_recheck_lets_the_next_due_date_be_announced(desk: Desk) -> None:
    rechecks.announce_due(desk.session, desk.now)
    desk.session.expire_all()
    desk.recheck(desk.ann, now=desk.now)
    later = desk.now + timedelta(days=80)
    assert list(rechecks.announce_due(desk.session, later)) == ["shen"]


def test_withdrawal_ends_the_validity_at_that_moment(desk: Desk) -> None:
    desk.withdraw(desk.ann)
    assert (desk.host.verified_until, desk.credential.state) == (None, "withdrawn")
    assert (desk.credential.withdrawn_at, desk.credential.withdrawn_reason) == (
        desk.now,
        "Struck off the register.",
    )
    assert desk.acts() == ["credential.withdraw"]
    found = queue_for(desk.session, actor_id="ann", now=desk.now)
    assert ([one.person_id for one in found.withdrawn], found.due) == (["shen"], ())
    with pytest.raises(NoLicence):
        desk.recheck(desk.ann, now=desk.now)
    with pytest.raises(NoLicence):
        desk.withdraw(desk.bob)


def test_withdrawal_needs_a_reason_and_the_staff(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        desk.withdraw(desk.ann, reason="  ")
    with pytest.raises(NotAllowed):
        desk.withdraw(desk.shen)
    assert desk.host.verified_until == desk.now + DUE


def test_host_without_a_licence_row_can_be_withdrawn(desk: Desk) -> None:
    person(desk.session, "demo", desk.now, Role.HOST)
    demo = Host(id="demo", names={"en": "Demo"}, verified_until=desk.now + DUE)
    desk.session.add(demo)
    desk.session.flush()
    withdrawal.withdraw(
        desk.session, actor=desk.ann, person_id="demo", reason="Left.", now=desk.now
    )
    assert demo.verified_until is None


def test_way_back_takes_two_people_again(desk: Desk) -> None:
    with pytest.raises(OpenAlready):
        withdrawal.reopen(desk.session, actor=desk.ann, person_id="shen", now=desk.now)
    desk.withdraw(desk.ann)
    later = desk.now + timedelta(days=1)
    new = withdrawal.reopen(desk.session, actor=desk.ann, person_id="shen", now=later)
    assert (new.state, new.number_fingerprint) == ("pending", desk.credential.number_fingerprint)
    checks.confirm(desk.session, actor=desk.ann, person_id="shen", now=later, **LOOK)
    desk.session.refresh(desk.host)
    assert not is_verified(desk.host.verified_until, later)
    checks.confirm(desk.session, actor=desk.bob, person_id="shen", now=later, **LOOK)
    assert (desk.host.verified_until, desk.host.names) == (
        later + timedelta(days=90),
        {"en": "Shen"},
    )
    assert queue_for(desk.session, actor_id="x", now=later).withdrawn == ()
