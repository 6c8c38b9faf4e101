"""Applicants, hosts and the staff are told about licences: once, and only what is true."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop
from accounts.notices.services import Posting, post_to_user
from catalog.credentials.models import Application, Credential
from catalog.credentials.notices import SOURCES
from catalog.credentials.queries.verification import application_of
from catalog.credentials.services import checks
from catalog.credentials.services.applications import erase_application, hand_in
from catalog.credentials.services.rechecks import announce_due, recheck
from catalog.credentials.services.withdrawal import reopen, withdraw
from catalog.models import Host, Topic
from tests.fakes.answers import answer, due_of, notice_of, posted, said
from tests.fakes.licences import LOOK, applied, person
from tests.fakes.programme import DATA_KEY
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration

NOT_TRUE = Drop(DropReason.NOT_TRUE)
GONE = Drop(DropReason.GONE)
LANGUAGES = ("en", "zh-Hans")


class Desk:
    """Two editors and an applicant."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        session.add(Topic(slug="sleep", names={"en": "Sleep"}))
        self.ann = person(session, "ann", now, Role.EDITOR)
        self.bob = person(session, "bob", now, Role.ADMINISTRATOR)
        self.credential = applied(session, "shen", now)

    def ask(self, kind: str, user_id: str, language: str = "en", **later: float) -> Answer:
        moment = self.now + timedelta(**later)
        return answer(self.session, SOURCES[kind], kind, user_id, moment, language)

    def application(self) -> Application:
        found = application_of(self.session, person_id="shen")
        assert found is not None
        return found

    def send_back(self) -> None:
        checks.send_back(
            self.session,
            actor=self.ann,
            person_id="shen",
            missing=" The back of it. ",
            now=self.now,
        )

    def hand_in(self) -> None:
        hand_in(self.session, application=self.application(), data_key=DATA_KEY, now=self.now)

    def refuse(self) -> None:
        checks.refuse(
            self.session, actor=self.ann, person_id="shen", reason="No register.", now=self.now
        )

    def grant(self) -> None:
        for actor in (self.ann, self.bob):
            checks.confirm(self.session, actor=actor, person_id="shen", now=self.now, **LOOK)

    def withdraw(self) -> Credential | None:
        return withdraw(
            self.session, actor=self.ann, person_id="shen", reason="Struck off.", now=self.now
        )


@pytest.fixture
def desk(session: Session, now: datetime) -> Desk:
    return Desk(session, now)


def test_the_staff_but_the_applicant_hears_of_an_application(desk: Desk) -> None:
    desk.send_back()
    desk.hand_in()
    assert posted(desk.session, "staff_application") == [
        ("staff_application", "ann"),
        ("staff_application", "bob"),
    ]


@pytest.mark.parametrize(("language", "name"), [("en", "Dr. Shen Yiran"), ("zh-Hans", "沈一然")])
def test_an_application_that_waits_is_named(desk: Desk, language: str, name: str) -> None:
    desk.send_back()
    desk.hand_in()
    told = said(desk.ask("staff_application", "bob", language))
    assert told.values == {"name": name}
    assert told.link.endswith("/administration/verification/people/shen")


def test_an_application_that_was_decided_waits_no_more(desk: Desk) -> None:
    desk.send_back()
    desk.hand_in()
    desk.grant()
    assert desk.ask("staff_application", "ann") == NOT_TRUE


def test_an_application_that_came_again_is_told_once(desk: Desk) -> None:
    desk.send_back()
    desk.hand_in()
    first = notice_of(desk.session, "staff_application", "bob")
    desk.send_back()
    desk.hand_in()
    source = SOURCES["staff_application"]
    assert source(desk.session, due_of(desk.session, first), desk.now) == NOT_TRUE
    said(desk.ask("staff_application", "bob"))


def test_an_application_that_was_erased_is_told_to_nobody(desk: Desk) -> None:
    desk.send_back()
    desk.hand_in()
    erase_application(desk.session, MemoryStorage(), application=desk.application(), now=desk.now)
    assert desk.ask("staff_application", "bob") == GONE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_applicant_reads_what_is_missing_until_it_is_sent_again(
    desk: Desk, language: str
) -> None:
    desk.send_back()
    told = said(desk.ask("application_returned", "shen", language))
    assert told.values == {"reason": "The back of it."}
    assert told.link.endswith("/apply/status")
    desk.hand_in()
    assert desk.ask("application_returned", "shen", language) == NOT_TRUE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_applicant_reads_why_it_was_refused(desk: Desk, language: str) -> None:
    desk.refuse()
    assert said(desk.ask("application_refused", "shen", language)).values == {
        "reason": "No register."
    }
    assert posted(desk.session) == [("application_refused", "shen")]


def test_a_decision_that_is_rolled_back_was_never_posted(desk: Desk) -> None:
    with desk.session.begin_nested() as undone:
        desk.refuse()
        undone.rollback()
    assert posted(desk.session) == []


@pytest.mark.parametrize(
    ("language", "until"),
    [
        ("en", "Tuesday 9 June, 02:00 (Shanghai, UTC+8)"),
        ("zh-Hans", "6月9日 星期二 02:00（上海，UTC+8）"),  # noqa: RUF001 -- the signs of Chinese
    ],
)
def test_a_new_host_reads_until_when_the_check_holds(desk: Desk, language: str, until: str) -> None:
    desk.grant()
    told = said(desk.ask("application_granted", "shen", language))
    assert (told.values["until"], told.link.endswith("/hosting")) == (until, True)
    desk.withdraw()
    assert desk.ask("application_granted", "shen", language) == NOT_TRUE


def test_a_first_look_grants_and_tells_nothing(desk: Desk) -> None:
    checks.confirm(desk.session, actor=desk.ann, person_id="shen", now=desk.now, **LOOK)
    assert posted(desk.session) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_is_told_once_that_the_licence_is_due(desk: Desk, language: str) -> None:
    desk.grant()
    soon = desk.now + timedelta(days=80)
    assert [list(announce_due(desk.session, soon)) for _ in range(2)] == [["shen"], []]
    told = said(desk.ask("licence_due", "shen", language, days=80))
    assert "6月9日" in told.values["until"] or "9 June" in told.values["until"]
    assert told.link.endswith("/hosting/licence")


def test_a_licence_that_was_looked_up_is_due_no_more(desk: Desk) -> None:
    desk.grant()
    soon = desk.now + timedelta(days=80)
    announce_due(desk.session, soon)
    recheck(desk.session, actor=desk.ann, person_id="shen", new_end=None, now=soon, **LOOK)
    assert desk.ask("licence_due", "shen", days=80) == NOT_TRUE
    announce_due(desk.session, soon + timedelta(days=80))  # the next due date is another one
    assert len(posted(desk.session, "licence_due")) == 2
    said(desk.ask("licence_due", "shen", days=160))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_reads_why_the_licence_was_withdrawn_until_it_is_back(
    desk: Desk, language: str
) -> None:
    desk.grant()
    desk.withdraw()
    assert said(desk.ask("licence_withdrawn", "shen", language)).values == {"reason": "Struck off."}
    reopen(desk.session, actor=desk.ann, person_id="shen", now=desk.now)
    said(desk.ask("licence_withdrawn", "shen", language))  # a check that is open is no licence
    desk.grant()
    assert desk.ask("licence_withdrawn", "shen", language) == NOT_TRUE


def test_a_host_without_a_licence_row_reads_why_as_well(desk: Desk, now: datetime) -> None:
    person(desk.session, "old", now, Role.HOST)
    desk.session.add(Host(id="old", names={"en": "Old"}, verified_until=now + timedelta(days=9)))
    desk.session.flush()
    withdraw(desk.session, actor=desk.ann, person_id="old", reason=" No answer. ", now=now)
    assert said(desk.ask("licence_withdrawn", "old")).values == {"reason": "No answer."}
    desk.session.get_one(Host, "old").verified_until = now + timedelta(days=9)
    desk.session.flush()
    assert desk.ask("licence_withdrawn", "old") == NOT_TRUE


def test_nobody_is_asked_to_decide_about_their_own_application(desk: Desk) -> None:
    desk.send_back()
    desk.hand_in()
    application = desk.application()
    posting = Posting("staff_application", application.id, revision=application.version)
    post_to_user(desk.session, posting, user_id="shen", now=desk.now)
    assert desk.ask("staff_application", "shen") == NOT_TRUE
