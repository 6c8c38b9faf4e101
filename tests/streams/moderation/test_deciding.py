"""What moderators do to questions: offers, undo, hand-over, two at once, and the audit log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from accounts.models import AuditEntry
from core.database import Sessions
from core.errors import NotAllowed, NotFound
from core.sealing import unseal
from streams.moderation import access
from streams.moderation.enums import Act
from streams.moderation.errors import (
    DecidedMeanwhile,
    HostDoesNotModerate,
    NothingToUndo,
    NotOffered,
)
from streams.moderation.queries import for_host
from streams.moderation.rules import help_text, offered
from streams.moderation.services import Wish, carry_out, take, undo
from streams.questions.enums import QuestionState, RiskTier
from streams.questions.errors import AlreadyMoreOnAir, NeverShown
from streams.questions.models import Question
from streams.questions.rules import NEVER_AT_RISK, may_move
from streams.questions.services import decide, vote
from tests.fakes.desks import URGENT, Desk, open_desk
from tests.fakes.programme import DATA_KEY

pytestmark = pytest.mark.integration

AFTER = {
    Act.APPROVE: "approved",
    Act.NEXT: "approved",
    Act.HOLD: "held",
    Act.REFUSE: "refused",
    Act.MERGE: "merged",
    Act.PRIVATE: "private",
    Act.HELP: "private",
    Act.PUBLIC: "answered",
    Act.ANSWERED: "answered",
    Act.BACK: "approved",
}


def test_what_is_offered_can_be_done_and_high_risk_is_shown_to_nobody() -> None:
    for state in QuestionState:
        for tier in RiskTier:
            for act in offered(state, tier):
                to = AFTER[act]
                assert to == state or may_move(state, to, tier=tier), (state, tier, act)
    told = {AFTER[act] for state in QuestionState for act in offered(state, RiskTier.HIGH)}
    assert told == {"private"}
    assert told.isdisjoint(NEVER_AT_RISK)


def test_an_act_that_shows_what_cannot_wait_is_refused_and_a_private_answer_is_sealed(
    desk: Desk,
) -> None:
    question = desk.ask(URGENT)
    for act in (Act.APPROVE, Act.NEXT, Act.PUBLIC, Act.MERGE, Act.HOLD, Act.REFUSE):
        with pytest.raises(NeverShown):
            desk.decide(question, act, text="Please call.")
    desk.decide(question, Act.HELP, text="Words of somebody's own.")
    assert (question.state, question.reply) == ("private", "")
    assert unseal(DATA_KEY, question.reply_sealed) == help_text("en")


def test_the_audit_log_names_who_decided_and_never_what_was_asked(desk: Desk) -> None:
    question = desk.ask("My neighbour Bertram Canary cannot sleep")
    desk.decide(question, Act.REFUSE, reason="identifying")
    entry = desk.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "question.refuse")
    ).one()
    assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (
        "mara",
        "question",
        question.id,
    )
    assert entry.details == {
        "livestream": desk.livestream.id,
        "from": "waiting",
        "to": "refused",
        "reason": "identifying",
        "version": 2,
    }


def test_the_last_act_is_undone_once_by_who_did_it(desk: Desk, now: datetime) -> None:
    question = desk.ask()
    desk.decide(question, Act.APPROVE)

    def takes_back(by: str) -> None:
        undo(desk.session, question_id=question.id, version=2, actor_id=by, now=now)

    with pytest.raises(NothingToUndo):
        takes_back("noor")
    takes_back("mara")
    with pytest.raises(NothingToUndo):
        takes_back("mara")
    assert (question.state, question.shown_at, question.version) == ("waiting", None, 3)


def test_what_was_on_air_does_not_come_back_when_another_is(desk: Desk, now: datetime) -> None:
    first, second = desk.ask("One?"), desk.ask("Two?")
    for one in (first, second):
        desk.decide(one, Act.APPROVE)
    decide(desk.session, question_id=first.id, to="on_air", now=now)
    desk.decide(first, Act.ANSWERED, now=now + timedelta(seconds=1))
    decide(desk.session, question_id=second.id, to="on_air", now=now)
    with pytest.raises(AlreadyMoreOnAir):
        undo(desk.session, question_id=first.id, version=first.version, actor_id="mara", now=now)
    desk.session.refresh(first)
    assert (first.state, second.state) == ("answered", "on_air")


def test_a_merge_counts_everybody_once_and_gives_the_votes_back_when_undone(
    desk: Desk, now: datetime
) -> None:
    stays, goes = desk.ask("How long should I sleep?"), desk.ask("How long to sleep?")
    for one in (stays, goes):
        desk.decide(one, Act.APPROVE)
    vote(desk.session, question=stays, participant="a" * 32)
    for person in ("b" * 32, "c" * 32):
        vote(desk.session, question=goes, participant=person)
    desk.decide(goes, Act.MERGE, target_id=stays.id, now=now + timedelta(seconds=1))
    desk.session.refresh(stays)
    assert (goes.state, stays.votes) == ("merged", 4)  # three who voted, and who asked the same
    undo(desk.session, question_id=goes.id, version=goes.version, actor_id="mara", now=now)
    desk.session.refresh(stays)
    assert (goes.state, goes.merged_into_id, goes.votes, stays.votes) == ("approved", None, 2, 1)


def test_the_host_gets_what_is_handed_over_first_and_nothing_that_was_not_approved(
    desk: Desk, now: datetime
) -> None:
    wanted, handed, waiting = desk.ask("One"), desk.ask("Two"), desk.ask("Three")
    held, urgent = desk.ask("Four"), desk.ask(URGENT)
    desk.decide(wanted, Act.APPROVE)
    vote(desk.session, question=wanted, participant="a" * 32)
    desk.decide(handed, Act.NEXT)
    desk.decide(held, Act.HOLD)
    assert waiting.state == urgent.state == "waiting"
    queue = for_host(desk.session, livestream_id=desk.livestream.id)
    assert [one.id for one in queue] == [handed.id, wanted.id]

    def host(question: Question, act: Act) -> None:
        access.act_as_host(
            desk.session,
            livestream_id=desk.livestream.id,
            question_id=question.id,
            actor=desk.world.actors["host"],
            wish=Wish(act, question.version),
            data_key=DATA_KEY,
            now=now + timedelta(minutes=3),
        )

    host(handed, Act.ON_AIR)
    assert (handed.state, handed.on_air_at) == ("on_air", now + timedelta(minutes=3))
    host(handed, Act.BACK)
    assert (handed.state, handed.on_air_at) == ("approved", None)
    for question in (waiting, held, urgent):
        with pytest.raises(NotOffered):
            host(question, Act.ON_AIR)


def test_the_host_does_not_sit_at_the_desk_even_as_an_editor(desk: Desk) -> None:
    question = desk.ask()
    with pytest.raises(HostDoesNotModerate):
        desk.decide(question, Act.APPROVE, by="host")
    for by, refused in (("viewer", NotAllowed), ("other_host", NotAllowed)):
        with pytest.raises(refused):
            desk.decide(question, Act.APPROVE, by=by)
    desk.decide(question, Act.APPROVE, by="editor")
    desk.livestream.host_id = "otherhost"
    desk.session.flush()
    elsewhere = desk.world.livestream(state="scheduled")
    with pytest.raises(NotFound):
        access.question_to_moderate(
            desk.session,
            livestream_id=elsewhere.id,
            question_id=question.id,
            actor=desk.world.actors["editor"],
        )


def test_an_opened_question_is_seen_by_the_other_for_a_minute(desk: Desk, now: datetime) -> None:
    question = desk.ask()

    def takes(by: str, seconds: int) -> bool:
        at = now + timedelta(seconds=seconds)
        taken = take(desk.session, question=question, reader_id=by, now=at)
        desk.session.refresh(question)
        return taken

    assert [takes("mara", 0), takes("noor", 59), takes("noor", 60)] == [True, False, True]
    assert question.reader_id == "noor"


def test_of_two_who_decide_at_once_the_second_is_told(sessions: Sessions, now: datetime) -> None:
    with sessions() as session:
        desk = open_desk(session, now)
        ids = [desk.ask(f"Question {number}").id for number in range(6)]
        session.commit()
    together = Barrier(2)

    def press(question_id: str, by: str, act: Act) -> str:
        with sessions() as session:
            together.wait()
            try:
                carry_out(
                    session,
                    question_id=question_id,
                    wish=Wish(act, 1),
                    actor_id=by,
                    data_key=DATA_KEY,
                    now=now,
                )
                session.commit()
            except DecidedMeanwhile as refusal:
                session.rollback()
                return refusal.code
            return act

    won = {"approve": "approved", "hold": "held"}
    for question_id in ids:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(press, question_id, "mara", Act.APPROVE)
            other = pool.submit(press, question_id, "noor", Act.HOLD)
            answers = [one.result(), other.result()]
        assert sorted(answers) in (["approve", "changed_meanwhile"], ["changed_meanwhile", "hold"])
        first = next(answer for answer in answers if answer in won)
        with sessions() as session:
            question = session.get_one(Question, question_id)
            entries = session.scalars(
                select(AuditEntry.act).where(AuditEntry.subject_id == question_id)
            ).all()
            assert (question.state, question.version, entries) == (
                won[first],
                2,
                [f"question.{first}"],
            )
