"""Signed rosters: signature, lines, sample, two approvers, accounts, links."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from catalog.credentials.errors import (
    BadRoster,
    CheckedAlready,
    LinkOver,
    NothingToCheck,
    SampleMissing,
    SecondPersonNeeded,
)
from catalog.credentials.models import Consent, Credential, CredentialCheck, Roster, RosterEntry
from catalog.credentials.queries.verification_rosters import sample_of
from catalog.credentials.rules.rosters import key_fingerprint, sample_size, template
from catalog.credentials.services import issuers, joining, rosters
from catalog.models import Host, Topic
from core.errors import InvalidInput, NotAllowed
from tests.fakes.licences import LOOK, PUBLIC_KEY, licence, person, roster_file, signature_of
from tests.fakes.programme import DATA_KEY

pytestmark = pytest.mark.integration


class Desk:
    """Two approvers and an issuer."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        session.add(Topic(slug="sleep", names={"en": "Sleep"}))
        self.ann = person(session, "ann", now, Role.EDITOR)
        self.bob = person(session, "bob", now, Role.ADMINISTRATOR)
        self.issuer = issuers.add_issuer(
            session, actor=self.bob, name="Society", public_key=PUBLIC_KEY, now=now
        )

    def take(self, data: bytes, signature: str | None = None) -> Roster:
        return rosters.take_roster(
            self.session,
            actor=self.ann,
            issuer_id=self.issuer.id,
            name="Spring",
            data=data,
            signature=signature_of(data) if signature is None else signature,
            data_key=DATA_KEY,
            now=self.now,
        )

    def look_up(self, roster: Roster, entry: RosterEntry, *, confirmed: bool = True) -> None:
        rosters.look_up(
            self.session,
            actor=self.ann,
            roster_id=roster.id,
            entry_id=entry.id,
            is_confirmed=confirmed,
            now=self.now,
            **LOOK,
        )
        self.session.expire_all()

    def approve(self, roster: Roster, name: str) -> Roster:
        actor = {"ann": self.ann, "bob": self.bob}[name]
        return rosters.approve(
            self.session, actor=actor, roster_id=roster.id, data_key=DATA_KEY, now=self.now
        )

    def approved(self, data: bytes) -> Roster:
        roster = self.take(data)
        for entry in sample_of(self.session, roster_id=roster.id):
            self.look_up(roster, entry)
        self.approve(roster, "ann")
        return self.approve(roster, "bob")


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    return Desk(session, now)


@pytest.mark.parametrize(("people", "size"), [(1, 1), (20, 1), (21, 2), (100, 5), (101, 6)])
def test_sample_is_five_per_cent_and_at_least_one(people: int, size: int) -> None:
    assert sample_size(people) == size


def test_template_is_a_roster_but_for_its_topics(desk: Desk) -> None:
    desk.session.add(Topic(slug="anxiety", names={"en": "Anxiety"}))
    desk.session.flush()
    assert desk.take(template().encode()).state == "sampling"


def test_only_administrators_add_issuers_and_only_with_a_key(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        issuers.add_issuer(
            desk.session, actor=desk.ann, name="Other", public_key=PUBLIC_KEY, now=desk.now
        )
    with pytest.raises(InvalidInput) as refused:
        issuers.add_issuer(
            desk.session, actor=desk.bob, name="Society", public_key="abc", now=desk.now
        )
    assert [one.field for one in refused.value.errors] == ["public_key"]
    assert len(key_fingerprint(PUBLIC_KEY).split()) == 8


@pytest.mark.parametrize("signature", ["", "abc", "A" * 88, "not of this file"])
def test_wrong_signature_is_refused(desk: Desk, signature: str) -> None:
    given = signature_of(b"another file") if signature.startswith("not") else signature
    with pytest.raises(BadRoster) as refused:
        desk.take(roster_file({}), given)
    assert refused.value.message == BadRoster.signature


def test_file_with_one_other_byte_does_not_fit_its_signature(desk: Desk) -> None:
    data = roster_file({})
    with pytest.raises(BadRoster):
        desk.take(data.replace(b"110000", b"110001"), signature_of(data))


def test_same_file_twice_and_an_ended_issuer_are_refused(desk: Desk) -> None:
    desk.take(roster_file({}))
    with pytest.raises(BadRoster) as refused:
        desk.take(roster_file({}))
    assert refused.value.message == BadRoster.twice
    issuers.end_issuer(desk.session, actor=desk.bob, issuer_id=desk.issuer.id, now=desk.now)
    with pytest.raises(BadRoster) as refused:
        desk.take(roster_file({}, {}))
    assert refused.value.message == BadRoster.ended


def test_faults_are_named_by_line_and_nobody_is_added(desk: Desk) -> None:
    with pytest.raises(BadRoster) as refused:
        desk.take(
            roster_file(
                {},
                {"email": "nobody", "kind": "surgeon", "country": "XX"},
                {"email": "DOCTOR0@roster.example", "valid_until": "2020-01-01", "number": "-"},
                {"topics": "football", "languages": "", "name_en": "", "name_zh": ""},
            )
        )
    assert [one.field for one in refused.value.errors] == [
        *("line 3: kind", "line 3: country", "line 3: email"),
        *("line 4: number", "line 4: valid_until", "line 4: email"),
        *("line 5: name_en", "line 5: topics", "line 5: languages"),
    ]
    assert desk.session.scalars(select(Roster)).all() == []


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"", b"email,number\n", b'email,"unclosed\n'], ids=str
)
def test_what_is_no_roster_is_refused(desk: Desk, data: bytes) -> None:
    with pytest.raises(BadRoster):
        desk.take(data)


def test_whole_sample_is_looked_up_before_anybody_approves(desk: Desk) -> None:
    roster = desk.take(roster_file(*({} for _ in range(21))))
    sample = sample_of(desk.session, roster_id=roster.id)
    assert len(sample) == 2
    with pytest.raises(SampleMissing):
        desk.approve(roster, "ann")
    desk.look_up(roster, sample[0])
    with pytest.raises(CheckedAlready):
        desk.look_up(roster, sample[0])
    with pytest.raises(SampleMissing):
        desk.approve(roster, "ann")
    desk.look_up(roster, sample[1])
    assert desk.approve(roster, "ann").first_by == "ann"


def test_one_refused_person_stops_the_batch(desk: Desk) -> None:
    roster = desk.take(roster_file({}, {}))
    desk.look_up(roster, sample_of(desk.session, roster_id=roster.id)[0], confirmed=False)
    assert roster.state == "refused"
    with pytest.raises(NothingToCheck):
        desk.approve(roster, "ann")
    assert desk.session.scalars(select(Host)).all() == []


def test_two_different_people_approve_by_rule_and_by_the_database(desk: Desk) -> None:
    roster = desk.take(roster_file({}))
    desk.look_up(roster, sample_of(desk.session, roster_id=roster.id)[0])
    desk.approve(roster, "ann")
    with pytest.raises(SecondPersonNeeded):
        desk.approve(roster, "ann")
    same = update(Roster).values(second_by="ann")
    with pytest.raises(IntegrityError), desk.session.begin_nested():
        desk.session.execute(same)


def test_nobody_decides_a_roster_on_which_they_stand(desk: Desk) -> None:
    roster = desk.take(roster_file({"email": "ann@licences.example"}))
    with pytest.raises(NotAllowed):
        desk.look_up(roster, sample_of(desk.session, roster_id=roster.id)[0])


def test_approval_makes_hosts_who_are_looked_up_within_ninety_days(desk: Desk) -> None:
    ends = {"valid_until": (desk.now + timedelta(days=9)).date().isoformat()}
    desk.approved(roster_file({}, ends))
    hosts = desk.session.scalars(select(Host).order_by(Host.verified_until)).all()
    soon = datetime.combine(
        desk.now.date() + timedelta(days=10), datetime.min.time(), desk.now.tzinfo
    )
    assert [one.verified_until for one in hosts] == [soon, desk.now + timedelta(days=90)]
    users = desk.session.scalars(select(User).where(User.email.endswith("roster.example"))).all()
    assert {(one.password, next(role.name for role in one.roles)) for one in users} == {
        (None, "host")
    }
    credentials = desk.session.scalars(select(Credential)).all()
    assert {one.state for one in credentials} == {"granted"}
    steps = desk.session.execute(
        select(CredentialCheck.step, CredentialCheck.checked_by).distinct()
    ).all()
    assert sorted(map(tuple, steps)) == [("first", "ann"), ("second", "bob")]


def test_who_has_a_licence_already_is_left_as_they_are(desk: Desk) -> None:
    person(desk.session, "old", desk.now)
    licence(desk.session, "old", desk.now)
    desk.approved(roster_file({"email": "old@licences.example"}))
    assert desk.session.scalars(select(Credential.state)).all() == ["pending"]
    assert desk.session.get(Host, "old") is None


def test_link_gives_the_account_once(desk: Desk) -> None:
    roster = desk.approved(roster_file({}))
    old = joining.make_links(desk.session, actor=desk.ann, roster_id=roster.id, now=desk.now)
    (pair,) = joining.make_links(desk.session, actor=desk.ann, roster_id=roster.id, now=desk.now)
    with pytest.raises(LinkOver):  # replaced
        joining.invited_by(desk.session, secret=old[0][1])
    entry, secret = pair
    assert entry.join_fingerprint is not None
    assert secret not in entry.join_fingerprint
    user = joining.join(desk.session, secret=secret, password="a long enough one", now=desk.now)
    assert (user.email, user.password is not None) == ("doctor0@roster.example", True)
    assert desk.session.scalars(select(Consent.kind)).all() == ["recording"]
    with pytest.raises(LinkOver):
        joining.join(desk.session, secret=secret, password="a long enough one", now=desk.now)
    assert joining.make_links(desk.session, actor=desk.ann, roster_id=roster.id, now=desk.now) == []


def test_links_are_made_for_approved_rosters_alone(desk: Desk) -> None:
    roster = desk.take(roster_file({}))
    with pytest.raises(NothingToCheck):
        joining.make_links(desk.session, actor=desk.ann, roster_id=roster.id, now=desk.now)
