"""What the page of the desk and its changing parts are drawn with."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import g
from sqlalchemy.orm import Session

from catalog.models import Livestream
from streams.moderation.enums import Act, Pile
from streams.moderation.queries import (
    Decision,
    Queued,
    counts_of,
    find_queued,
    last_decision,
    mergeable_with,
    on_pile,
    urgent_ones,
)
from streams.moderation.rules import (
    TAKEN_FOR,
    is_taken,
    likest,
    offered,
    pieces_of,
    prepared_for,
)
from streams.moderation.services import is_undoable
from streams.questions.enums import RefusalReason
from streams.readiness.queries import CrewMember, Part, crew_of
from streams.room.queries import standing_of
from streams.room.rules import name_of

FORMS: Final = (Act.PRIVATE, Act.PUBLIC, Act.MERGE, Act.REFUSE)
"""What needs words or a choice; everything else is one press."""


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
    rows = on_pile(session, livestream_id=livestream.id, pile=look.pile)
    counts = counts_of(session, livestream_id=livestream.id)
    opened = find_queued(session, livestream_id=livestream.id, question_id=look.question_id)
    me = g.actor.user_id or ""
    return {
        "livestream": livestream,
        "look": look,
        "rows": rows,
        "more": counts[look.pile] - len(rows),
        "counts": counts,
        "urgent": urgent_ones(session, livestream_id=livestream.id),
        "opened": opened,
        "taken": {one.id for one in (*rows, opened) if one and _is_taken(one, me)},
        "door": standing_of(session, livestream=livestream, now=g.now).door,
        "present": _here(session, livestream),
        "pieces": pieces_of,
        "name_of": name_of,
    }


def note_of(session: Session, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return who decided last on the open question, for the line that changes by itself."""
    opened: Queued | None = parts["opened"]
    decision = last_decision(session, question_id=opened.id) if opened else None
    is_mine = decision is not None and decision.actor_id == g.actor.user_id
    return {"decision": decision, "is_mine": is_mine}


def pane_of(session: Session, parts: Mapping[str, Any], *, prepared: str) -> dict[str, Any]:
    """Return what the open question is drawn with; nothing is open: almost nothing."""
    opened: Queued | None = parts["opened"]
    note = note_of(session, parts)
    if opened is None:
        return {**note, "acts": ()}
    texts = prepared_for(opened.text, opened.tier, opened.language)
    return {
        **note,
        "acts": offered(opened.state, opened.tier),
        "forms": FORMS,
        "reasons": tuple(RefusalReason),
        "prepared": [(group, tuple(ones)) for group, ones in groupby(texts, lambda one: one.group)],
        "chosen": next((one for one in texts if one.key == prepared), None),
        "alike": _alike(session, opened),
        "undoable": may_undo(opened, note["decision"]),
        "taken_for": int(TAKEN_FOR.total_seconds()),
    }


def may_undo(question: Queued, decision: Decision | None) -> bool:
    """Tell whether the last thing that happened to a question was this moderator's decision."""
    if decision is None or decision.actor_id != g.actor.user_id:
        return False
    return is_undoable(decision.details, question.version)


def _alike(session: Session, opened: Queued) -> list[Queued]:
    others = {one.id: one for one in mergeable_with(session, opened)}
    return [others[key] for key in likest(opened.text, [(o.id, o.text) for o in others.values()])]


def _is_taken(one: Queued, me: str) -> bool:
    return is_taken(one.reader_id, one.read_until, by=me, now=g.now)


def _here(session: Session, livestream: Livestream) -> list[CrewMember]:
    """Return who can decide now; whoever looks at the page is here before it has said so."""
    crew = crew_of(session, livestream=livestream, now=g.now)
    me = g.actor.user_id
    return [one for one in crew if one.part is not Part.HOST and (one.is_here or one.id == me)]
