"""A licence is looked up by two people, neither of whom is its holder."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.rules import STRANGER, Actor
from catalog.credentials.enums import CheckStep
from catalog.credentials.errors import CheckedAlready, NothingToCheck, SecondPersonNeeded
from catalog.credentials.models import Application, Credential, CredentialCheck, Document
from catalog.credentials.queries.verification_queue import duplicates_of, queue_for
from catalog.credentials.services import checks
from catalog.models import Host, HostLanguage, HostTopic, Topic
from core.errors import InvalidInput, NotAllowed, NotFound, SignInNeeded
from tests.fakes.licences import LOOK, applied, person
from tests.fakes.programme import DATA_KEY

pytestmark = pytest.mark.integration


class Desk:
    """Two editors and an applicant."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        session.add(Topic(slug="sleep", names={"en": "Sleep"}))
        self.ann = person(session, "ann", now, Role.EDITOR)
        self.bob = person(session, "bob", now, Role.ADMINISTRATOR)
        self.credential = applied(session, "shen", now)

    def confirm(self, actor: Actor, **changes: Any) -> Credential:  # noqa: ANN401 -- of any field
        said = {**LOOK, "person_id": "shen", "now": self.now, **changes}
        return checks.confirm(self.session, actor=actor, **said)


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    return Desk(session, now)


def test_second_confirmation_makes_a_host_of_the_answers(desk: Desk) -> None:
    desk.confirm(desk.ann)
    assert desk.session.get(Host, "shen") is None
    desk.confirm(desk.bob, now=desk.now + timedelta(minutes=1))
    host = desk.session.get_one(Host, "shen")
    granted = desk.now + timedelta(minutes=1)
    assert (host.names, host.titles, host.institutions, host.departments, host.initials) == (
        {"en": "Dr. Shen Yiran", "zh-Hans": "沈一然"},
        {"en": "Consultant psychiatrist"},
        {"en": "Example Hospital"},
        {"zh-Hans": "睡眠门诊"},
        "SY",
    )
    assert (host.credential_kind, host.interests, host.verified_until, host.checked_at) == (
        "psychiatrist",
        {"en": "A fee from a publisher."},
        granted + timedelta(days=90),
        granted,
    )
    assert (host.checked_with, host.licence_country) == ("National Health Commission", "CN")
    assert desk.session.scalars(select(HostTopic.topic_slug)).all() == ["sleep"]
    languages = select(HostLanguage.language).order_by(HostLanguage.language)
    assert desk.session.scalars(languages).all() == ["en", "zh-Hans"]
    assert actor_for(desk.session, "shen").has(Role.HOST)
    application = desk.session.scalars(select(Application)).one()
    assert (application.state, application.decided_at) == ("granted", granted)
    removal = desk.session.scalars(select(Document.remove_at)).one()
    assert removal == granted + timedelta(days=30)
    acts = desk.session.scalars(select(AuditEntry.act).order_by(AuditEntry.at, AuditEntry.id)).all()
    assert sorted(acts) == ["credential.confirm", "credential.confirm", "credential.grant"]


def test_validity_never_goes_beyond_the_end_on_the_licence(desk: Desk) -> None:
    ends = desk.now + timedelta(days=20)
    desk.credential.valid_until = ends
    desk.confirm(desk.ann)
    granted = desk.confirm(desk.bob)
    host = desk.session.get_one(Host, "shen")
    assert (host.verified_until, granted.recheck_due_at) == (ends, ends)


def test_same_person_twice_is_refused_by_the_rule(desk: Desk) -> None:
    desk.confirm(desk.ann)
    with pytest.raises(SecondPersonNeeded):
        desk.confirm(desk.ann)
    assert desk.session.get(Host, "shen") is None


@pytest.mark.parametrize(
    ("by", "step"), [("ann", CheckStep.SECOND), ("bob", CheckStep.FIRST)], ids=["person", "step"]
)
def test_same_person_or_step_twice_is_refused_by_the_database(
    desk: Desk, by: str, step: CheckStep
) -> None:
    desk.confirm(desk.ann)
    row = insert(CredentialCheck).values(
        credential_id=desk.credential.id,
        step=step,
        outcome="confirmed",
        checked_by=by,
        checked_at=desk.now,
        **LOOK,
    )
    with pytest.raises(IntegrityError), desk.session.begin_nested():
        desk.session.execute(row)


def test_rival_of_the_same_step_is_told(desk: Desk) -> None:
    cleo = person(desk.session, "cleo", desk.now, Role.EDITOR)
    desk.confirm(desk.ann)
    with pytest.raises(CheckedAlready):  # both saw the page before the first was written
        checks.add_check(
            desk.session,
            cleo,
            desk.credential,
            CheckStep.FIRST,
            LOOK["source"],
            LOOK["evidence"],
            desk.now,
        )


def test_nobody_looks_up_their_own_licence(desk: Desk, now: datetime) -> None:
    own = applied(desk.session, "dora", now, number="other")
    dora = Actor(user_id="dora", roles=frozenset({Role.EDITOR}))
    for act in (
        lambda: desk.confirm(dora, person_id="dora"),
        lambda: checks.send_back(
            desk.session, actor=dora, person_id="dora", missing="A page", now=now
        ),
        lambda: checks.reveal_number(
            desk.session, actor=dora, person_id="dora", data_key=DATA_KEY, now=now
        ),
    ):
        with pytest.raises(NotAllowed):
            act()
    ids = [one.person_id for one in queue_for(desk.session, actor_id="dora", now=now).first]
    assert (ids, own.state) == (["shen"], "pending")


def test_others_than_the_staff_are_refused(desk: Desk) -> None:
    host = person(desk.session, "host", desk.now, Role.HOST)
    with pytest.raises(NotAllowed):
        desk.confirm(host)
    with pytest.raises(SignInNeeded):
        desk.confirm(STRANGER)


def test_source_and_evidence_are_both_needed(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.confirm(desk.ann, source=" ", evidence="")
    assert [one.field for one in refused.value.errors] == ["source", "evidence"]


def test_licence_that_has_ended_is_not_confirmed(desk: Desk) -> None:
    desk.credential.valid_until = desk.now
    with pytest.raises(InvalidInput) as refused:
        desk.confirm(desk.ann)
    assert [one.field for one in refused.value.errors] == ["valid_until"]


def test_sent_back_application_is_not_confirmed_and_tells_what_is_missing(desk: Desk) -> None:
    checks.send_back(
        desk.session, actor=desk.ann, person_id="shen", missing=" Page 2 ", now=desk.now
    )
    application = desk.session.scalars(select(Application)).one()
    assert (application.state, application.note) == ("returned", "Page 2")
    with pytest.raises(NothingToCheck):
        desk.confirm(desk.bob)
    with pytest.raises(NothingToCheck):
        checks.refuse(desk.session, actor=desk.bob, person_id="shen", reason="No", now=desk.now)
    assert queue_for(desk.session, actor_id="bob", now=desk.now).first == ()


def test_refused_application_closes_its_licence(desk: Desk) -> None:
    checks.refuse(desk.session, actor=desk.ann, person_id="shen", reason="Not found", now=desk.now)
    desk.session.refresh(desk.credential)
    application = desk.session.scalars(select(Application)).one()
    assert (application.state, desk.credential.state) == ("refused", "refused")


def test_number_is_shown_with_a_line_in_the_log(desk: Desk) -> None:
    shown = checks.reveal_number(
        desk.session, actor=desk.ann, person_id="shen", data_key=DATA_KEY, now=desk.now
    )
    entry = desk.session.scalars(select(AuditEntry)).one()
    assert (shown, entry.act, entry.actor_id, entry.subject_id) == (
        "CN 1100-2418",
        "credential.reveal_number",
        "ann",
        "shen",
    )
    assert "2418" not in str(entry.details)
    with pytest.raises(NotFound):
        checks.reveal_number(
            desk.session, actor=desk.ann, person_id="bob", data_key=DATA_KEY, now=desk.now
        )


def test_number_that_two_people_claim_is_found_however_it_is_spaced(desk: Desk) -> None:
    applied(desk.session, "twin", desk.now, number="cn11002418")
    applied(desk.session, "other", desk.now, number="CN11002419")
    assert duplicates_of(desk.session, credential=desk.credential) == [("twin", "twin", "pending")]


def test_queue_has_the_oldest_first_and_hides_from_the_first_what_waits_for_the_second(
    desk: Desk,
) -> None:
    applied(desk.session, "early", desk.now - timedelta(days=3), number="early")
    desk.confirm(desk.ann)
    of_ann = queue_for(desk.session, actor_id="ann", now=desk.now)
    of_bob = queue_for(desk.session, actor_id="bob", now=desk.now)
    applied(desk.session, "late", desk.now, number="late")
    waiting = queue_for(desk.session, actor_id="bob", now=desk.now).first
    assert [one.person_id for one in waiting] == ["early", "late"]
    assert ([one.person_id for one in of_ann.second], of_ann.second_of_others) == ([], 1)
    assert [(one.person_id, one.first_name) for one in of_bob.second] == [("shen", "ann")]
