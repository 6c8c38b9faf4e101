"""What the page of the desk and its changing parts are drawn with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import g
from sqlalchemy.orm import Session

from catalog.models import Livestream
from streams.moderation.enums import Act, Pile
from streams.moderation.queries import Decision, Queued, last_decision, on_pile, queue_of
from streams.moderation.rules import (
    TAKEN_FOR,
    is_open_case,
    is_taken,
    likest,
    offered,
    pieces_of,
    prepared_for,
)
from streams.moderation.services import is_undoable
from streams.questions.enums import QuestionState as Q
from streams.questions.enums import RefusalReason
from streams.readiness.queries import CrewMember, Part, crew_of
from streams.room.queries import standing_of
from streams.room.rules import name_of

FORMS: Final = (Act.PRIVATE, Act.PUBLIC, Act.MERGE, Act.REFUSE)
"""What needs words or a choice; everything else is one press."""
MERGEABLE: Final = (Q.WAITING, Q.HELD, Q.APPROVED, Q.ON_AIR, Q.ANSWERED)


@dataclass(frozen=True, slots=True)
class Look:
    """What a moderator looks at: a pile, and the question that is open."""

    pile: Pile
    question_id: str

    @property
    def query(self) -> dict[str, str]:
        """Return it as the query of an address."""
        query = {"show": str(self.pile)}
        return {**query, "question": self.question_id} if self.question_id else query


def look_of(given: Mapping[str, str]) -> Look:
    """Read what somebody looks at; what makes no sense is the pile that waits."""
    wanted = given.get("show", "")
    pile = Pile(wanted) if wanted in set(Pile) else Pile.WAITING
    return Look(pile, given.get("question", "")[:64])


def parts_of(session: Session, livestream: Livestream, look: Look) -> dict[str, Any]:
    """Return what the parts that change by themselves are drawn with."""
    rows = queue_of(session, livestream_id=livestream.id)
    me = g.actor.user_id or ""
    opened = next((one for one in rows if one.id == look.question_id), None)
    return {
        "livestream": livestream,
        "look": look,
        "rows": on_pile(rows, look.pile),
        "counts": {pile: len(on_pile(rows, pile)) for pile in Pile},
        "urgent": [one for one in rows if one.is_urgent and is_open_case(one.state)],
        "opened": opened,
        "taken": {one.id for one in rows if _is_taken(one, me)},
        "door": standing_of(session, livestream=livestream, now=g.now).door,
        "present": _here(session, livestream),
        "pieces": pieces_of,
        "name_of": name_of,
    }


def pane_of(session: Session, parts: Mapping[str, Any], *, prepared: str) -> dict[str, Any]:
    """Return what the open question is drawn with; nothing is open: almost nothing."""
    opened: Queued | None = parts["opened"]
    if opened is None:
        return {"acts": (), "decision": None}
    decision = last_decision(session, question_id=opened.id)
    texts = prepared_for(opened.text, opened.tier, opened.language)
    chosen = next((one for one in texts if one.key == prepared), None)
    return {
        "acts": offered(opened.state, opened.tier),
        "forms": FORMS,
        "decision": decision,
        "is_mine": decision is not None and decision.actor_id == g.actor.user_id,
        "reasons": tuple(RefusalReason),
        "prepared": texts,
        "chosen": chosen,
        "alike": _alike(session, opened),
        "undoable": may_undo(opened, decision),
        "taken_for": int(TAKEN_FOR.total_seconds()),
    }


def may_undo(question: Queued, decision: Decision | None) -> bool:
    """Tell whether the last thing that happened to a question was this moderator's decision."""
    if decision is None or decision.actor_id != g.actor.user_id:
        return False
    return is_undoable(decision.details, question.version)


def _alike(session: Session, opened: Queued) -> list[Queued]:
    others = {
        one.id: one
        for one in queue_of(session, livestream_id=opened.livestream_id)
        if one.id != opened.id and one.state in MERGEABLE and not one.is_urgent
    }
    return [others[key] for key in likest(opened.text, [(o.id, o.text) for o in others.values()])]


def _is_taken(one: Queued, me: str) -> bool:
    return is_taken(one.reader_id, one.read_until, by=me, now=g.now)


def _here(session: Session, livestream: Livestream) -> list[CrewMember]:
    """Return who can decide now; whoever looks at the page is here before it has said so."""
    crew = crew_of(session, livestream=livestream, now=g.now)
    me = g.actor.user_id
    return [one for one in crew if one.part is not Part.HOST and (one.is_here or one.id == me)]
