"""What an asker does: ask, change the words while nobody has decided, take it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from core.errors import FieldError, InvalidInput, _
from core.ids import new_id, new_secret
from core.sealing import fingerprint
from streams.questions.enums import QuestionState as S
from streams.questions.errors import ChangedMeanwhile, TooLate
from streams.questions.models import Question, QuestionVote
from streams.questions.queries import question_of_token
from streams.questions.rules import SHOWN, UNREAD, check_text, language_of
from streams.room.models import Room
from streams.room.rules import repeatable_secret
from streams.room.services import limit_in_room, name_in_room, say_changed
from streams.triage.rules import TIERS, tier_of

MINUTE: Final = 60
TEN_MINUTES: Final = 600
QUESTIONS_OF_PERSON: Final = 8
"""Within ten minutes: whoever has more to ask, writes it into one."""
QUESTIONS_OF_ADDRESS: Final = 120
"""Within ten minutes: a ward, a school or a company behind one address."""
QUESTIONS_OF_ROOM: Final = 4000
"""Within a minute."""
USED_KEY: Final = _("This key was used for another request.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was taken, what its asker alone may hold, and what they are told."""

    question: Question
    edit_token: str
    redirect: str
    """Empty, or which prepared text of triage answers what cannot be answered here."""
    is_repeat: bool = False


def limit_asking(
    session: Session, *, room: Room, participant: str, visitor: str, now: datetime
) -> None:
    """Count a question of a person, of an address and of the room.

    Raises:
        TooMany: Of any of them.
    """
    for act, by, most, seconds in (
        ("asks", "", QUESTIONS_OF_ROOM, MINUTE),
        ("asks_from", visitor, QUESTIONS_OF_ADDRESS, TEN_MINUTES),
        ("asks_by", participant, QUESTIONS_OF_PERSON, TEN_MINUTES),
    ):
        limit_in_room(session, room=room, act=act, by=by, limit=most, seconds=seconds, now=now)


def ask_question(
    session: Session,
    *,
    room: Room,
    participant: str,
    text: str,
    page_language: str,
    now: datetime,
    name: int | None = None,
    repeat: tuple[str, ...] = (),
) -> Asked:
    """Keep a question that nobody but moderators reads; the caller knows that the room is open.

    Args:
        session: Of the request; the caller commits.
        room: Where it is asked.
        participant: Whom the room knows the asker as.
        text: As it was typed.
        page_language: Of the page; the text may be in another.
        now: The present moment.
        name: The made-up name that the asker was offered; they get it if it is free.
        repeat: What the same request would say again (an ``Idempotency-Key`` and whose it is):
            its token is made of it, so that a repeat finds the question and nothing is stored. What
            follows is how it was known before the person had a pass.

    Raises:
        InvalidInput: The text is empty or too long, or the key was used for another text.
    """
    words = check_text(text)
    tokens = [repeatable_secret(room.secret, one) for one in repeat]
    for place, token in enumerate(tokens):
        known = question_of_token(session, token)
        if known and (place == 0 or known.participant == participant):
            return _repeated(known, token, words)
    token = tokens[0] if tokens else new_secret()
    verdict = tier_of(words)
    question = Question(
        id=new_id(),
        livestream_id=room.livestream_id,
        participant=participant,
        pseudonym=name_in_room(
            session, livestream_id=room.livestream_id, participant=participant, wish=name
        ),
        text=words,
        language=language_of(words, page_language),
        tier=verdict.tier,
        state=S.WAITING,
        edit_fingerprint=fingerprint(token),
        asked_at=now,
        changed_at=now,
    )
    session.add(question)
    session.flush()
    return Asked(question, token, verdict.redirect)


def edit_question(session: Session, *, question: Question, text: str, now: datetime) -> Question:
    """Put other words in place of a question that nobody has decided on.

    Its tier never falls: who wrote that they are in danger may be so with milder words too.

    Raises:
        InvalidInput: As :func:`ask_question`.
        TooLate: A moderator has decided.
    """
    words = check_text(text)
    if question.state not in UNREAD:
        raise TooLate
    values = {
        "text": words,
        "tier": max(tier_of(words).tier, question.tier, key=TIERS.index),
        "language": language_of(words, question.language),
        "state": S.WAITING,
    }
    _write(session, question, values, now)
    return question


def withdraw_question(session: Session, *, question: Question, now: datetime) -> Question:
    """Take a question back in whatever state: its words and all replies are gone at once."""
    if question.state == S.WITHDRAWN:
        return question
    was_shown = question.state in SHOWN
    emptied = {"text": "", "reply": "", "reply_sealed": "", "participant": None, "votes": 0}
    values = {**emptied, "state": S.WITHDRAWN, "merged_into_id": None, "reason": ""}
    _write(session, question, values, now)
    session.execute(delete(QuestionVote).where(QuestionVote.question_id == question.id))
    if was_shown:
        say_changed(session, livestream_id=question.livestream_id)
    return question


def _repeated(known: Question, token: str, words: str) -> Asked:
    if known.state != S.WITHDRAWN and known.text != words:
        raise InvalidInput(FieldError("Idempotency-Key", USED_KEY))
    return Asked(known, token, tier_of(words).redirect, is_repeat=True)


def _write(session: Session, question: Question, values: dict[str, Any], now: datetime) -> None:
    done = session.execute(
        update(Question)
        .where(Question.id == question.id, Question.version == question.version)
        .values(**values, version=question.version + 1, changed_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise ChangedMeanwhile
    session.refresh(question)
