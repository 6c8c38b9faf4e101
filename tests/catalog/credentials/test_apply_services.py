from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.errors import EmailTaken
from accounts.models import AuditEntry, User
from accounts.services import sign_up
from catalog.credentials.enums import ApplicationStep, ConsentKind
from catalog.credentials.errors import AlreadyHost, ApplicationClosed, TooManyPages
from catalog.credentials.models import Application, Credential, Document
from catalog.credentials.queries.applications import application_of
from catalog.credentials.rules.application import (
    Filled,
    all_faults,
    faults_of,
    interests_of,
    languages_of,
    last_moment,
    normal_number,
    shown_end,
    words_of,
)
from catalog.credentials.rules.documents import JPEG, Page
from catalog.credentials.services.applications import (
    begin_application,
    erase_application,
    save_answers,
    submit,
)
from catalog.credentials.services.consents import give_consent, withdraw_consent
from catalog.credentials.services.documents import add_document, store_page
from core.database import Sessions
from core.errors import Refusal
from tests.fakes.programme import DATA_KEY
from tests.fakes.storage import MemoryStorage

RACERS = 8
TODAY = date(2026, 3, 10)
COMPLETE: dict[str, Any] = {
    "name_en": "Dr. Shen Yiran",
    "title_zh": "主任医师",
    "institution_en": "Harbour Hospital",
    "kind": "counsellor",
    "country": "CN",
    "authority": "Board",
    "topics": [],
    "languages": ["en"],
    "interests": "none",
    "recording": "1",
}


def filled(**changes: Any) -> Filled:  # noqa: ANN401 -- answers
    number, pages = changes.pop("number", "110-110"), changes.pop("pages", 1)
    return Filled({**COMPLETE, **changes}, number, pages, frozenset({"sleep"}))


class TestRules:
    pytestmark = pytest.mark.unit

    def test_complete_application_has_no_fault(self) -> None:
        assert all_faults(filled(), TODAY) == {}

    @pytest.mark.parametrize(
        ("changes", "step", "field"),
        [
            ({"name_en": "  "}, ApplicationStep.PERSON, "name_en"),
            ({"department_zh": "x" * 121}, ApplicationStep.PERSON, "department_zh"),
            ({"kind": "physician"}, ApplicationStep.LICENCE, "kind"),
            ({"country": "XX"}, ApplicationStep.LICENCE, "country"),
            ({"country": "EU"}, ApplicationStep.LICENCE, "country"),
            ({"number": ""}, ApplicationStep.LICENCE, "number"),
            ({"number": "- 1 -"}, ApplicationStep.LICENCE, "number"),
            ({"number": "1" * 41}, ApplicationStep.LICENCE, "number"),
            ({"valid_until": "soon"}, ApplicationStep.LICENCE, "valid_until"),
            ({"valid_until": "2026-03-09"}, ApplicationStep.LICENCE, "valid_until"),
            ({"pages": 0}, ApplicationStep.LICENCE, "documents"),
            ({"topics": ["none"]}, ApplicationStep.TOPICS, "topics"),
            ({"languages": ["tlh"]}, ApplicationStep.TOPICS, "languages"),
            ({"interests": ""}, ApplicationStep.AGREEMENT, "interests"),
            ({"interests": "listed"}, ApplicationStep.AGREEMENT, "interests_en"),
            ({"recording": "0"}, ApplicationStep.AGREEMENT, "recording"),
        ],
    )
    def test_each_fault_stands_beside_its_field(
        self, changes: dict[str, Any], step: ApplicationStep, field: str
    ) -> None:
        found = faults_of(step, filled(**changes), TODAY)
        assert [fault.field for fault in found] == [field]

    def test_licence_is_valid_to_the_end_of_its_last_day(self) -> None:
        assert faults_of(ApplicationStep.LICENCE, filled(valid_until="2026-03-10"), TODAY) == ()
        end = last_moment({"valid_until": "2026-03-10"})
        assert end == datetime.fromisoformat("2026-03-11T00:00:00+00:00")
        assert last_moment({}) is None

    def test_numbers_are_the_same_however_they_are_written(self) -> None:
        written = ("ab 12-34", "AB1234", "\uff21\uff22\uff11\uff12\uff13\uff14", "ab_12.34")
        assert {normal_number(one) for one in written} == {"AB1234"}
        assert (shown_end("110110000002418"), shown_end("1234567")) == ("418", "")

    def test_words_of_an_application_leave_out_what_is_empty(self) -> None:
        assert words_of({"name_en": " Shen ", "name_zh": " "}, "name") == {"en": "Shen"}
        assert interests_of({"interests": "none", "interests_en": "Lund"}) == {}
        assert languages_of({"languages": ["tlh"]}, "en") == ("en",)


class TestServices:
    pytestmark = pytest.mark.integration

    @pytest.fixture
    def user(self, session: Session, now: datetime) -> User:
        return new_user(session, now)

    @pytest.fixture
    def ready(self, session: Session, user: User, now: datetime) -> Application:
        return ready_application(session, user.id, now)

    def test_sign_up_makes_a_viewer_whose_address_nobody_confirmed(
        self, session: Session, user: User, now: datetime
    ) -> None:
        roles = [role.name for role in user.roles]
        assert (user.email, user.confirmed_at, roles) == ("shen@example.org", None, ["viewer"])
        with pytest.raises(EmailTaken):
            new_user(session, now)

    def test_submitted_application_is_closed_to_every_write(
        self, session: Session, ready: Application, now: datetime
    ) -> None:
        submit(session, application=ready, data_key=DATA_KEY, now=now)
        writes: tuple[Callable[[], object], ...] = (
            lambda: save_answers(
                session, application=ready, answers={}, number="", data_key=DATA_KEY, now=now
            ),
            lambda: submit(session, application=ready, data_key=DATA_KEY, now=now),
            lambda: page_of(session, ready, now),
        )
        for write in writes:
            with pytest.raises(ApplicationClosed):
                write()

    def test_granted_application_is_not_erased_and_its_person_not_asked_again(
        self, session: Session, ready: Application, now: datetime
    ) -> None:
        licence = submit(session, application=ready, data_key=DATA_KEY, now=now)
        licence.state, ready.state = "granted", "granted"
        session.flush()
        with pytest.raises(ApplicationClosed):
            erase_application(session, MemoryStorage(), application=ready, now=now)
        session.delete(ready)
        session.flush()
        with pytest.raises(AlreadyHost):
            begin_application(session, user_id=licence.user_id, language="en", now=now)

    def test_consent_of_one_version_is_given_once_and_ended_once(
        self, session: Session, user: User, now: datetime
    ) -> None:
        kind = ConsentKind.RECORDING
        for _ in range(2):
            give_consent(session, user_id=user.id, kind=kind, version=1, now=now)
        later = now + timedelta(days=1)
        ended = [withdraw_consent(session, user_id=user.id, kind=kind, now=later) for _ in range(2)]
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("consent.%")))
        assert (ended, sorted(acts)) == ([True, False], ["consent.give", "consent.withdraw"])


class TestRaces:
    pytestmark = pytest.mark.integration

    def test_application_that_many_tabs_begin_is_one(
        self, sessions: Sessions, now: datetime
    ) -> None:
        with sessions() as session:
            user_id = new_user(session, now).id
            session.commit()

        def begin(session: Session) -> None:
            begin_application(session, user_id=user_id, language="en", now=now)

        assert race(sessions, begin) == [""] * RACERS
        with sessions() as session:
            assert session.scalar(select(func.count()).select_from(Application)) == 1

    def test_application_that_many_tabs_send_is_sent_once(
        self, sessions: Sessions, now: datetime
    ) -> None:
        with sessions() as session:
            user_id = new_user(session, now).id
            ready_application(session, user_id, now)
            session.commit()

        def send(session: Session) -> None:
            held = application_of(session, user_id, to_write=True)
            assert held is not None
            submit(session, application=held, data_key=DATA_KEY, now=now)

        assert sorted(race(sessions, send)) == ["", *["application_closed"] * (RACERS - 1)]
        with sessions() as session:
            assert session.scalar(select(func.count()).select_from(Credential)) == 1
            assert session.scalars(select(Application)).one().version == 2

    def test_pages_that_come_at_once_are_five_at_most(
        self, sessions: Sessions, now: datetime
    ) -> None:
        with sessions() as session:
            user_id = new_user(session, now).id
            begin_application(session, user_id=user_id, language="en", now=now)
            session.commit()

        def add(session: Session) -> None:
            held = application_of(session, user_id, to_write=True)
            assert held is not None
            page_of(session, held, now)

        found = race(sessions, add)
        assert sorted(found) == ["", "", "", "", "", *[TooManyPages.code] * (RACERS - 5)]
        with sessions() as session:
            assert session.scalar(select(func.count()).select_from(Document)) == 5


def new_user(session: Session, now: datetime) -> User:
    return sign_up(
        session,
        email="Shen@example.org",
        password="four odd words here",
        language="en",
        timezone="UTC",
        now=now,
    )


def ready_application(session: Session, user_id: str, now: datetime) -> Application:
    """Return an application that can be sent."""
    made = begin_application(session, user_id=user_id, language="en", now=now)
    save_answers(
        session, application=made, answers=COMPLETE, number="110-110", data_key=DATA_KEY, now=now
    )
    page_of(session, made, now)
    return made


def page_of(session: Session, application: Application, now: datetime) -> Document:
    page = Page(b"a page", JPEG)
    document_id = store_page(MemoryStorage(), page, data_key=DATA_KEY)
    return add_document(
        session, application=application, document_id=document_id, name="a.jpg", page=page, now=now
    )


def race(sessions: Sessions, act: Callable[[Session], None]) -> list[str]:
    """Let many do the same at once; return the code of each refusal, empty where it was done."""
    together = Barrier(RACERS)

    def run(_: int) -> str:
        together.wait()
        with sessions() as session:
            try:
                act(session)
                session.commit()
            except Refusal as refusal:
                return refusal.code
        return ""

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(run, range(RACERS)))
