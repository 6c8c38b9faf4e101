"""The digest: what was held back for somebody, told in one mail in the morning.

Each item is asked for at its own source when the digest is sent, so that what it says is true then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import rules
from accounts.notices.composing.paragraphs import one_line
from accounts.notices.delivery.checks import still_wanted
from accounts.notices.delivery.mishaps import reason_of
from accounts.notices.delivery.rows import Row, due_of, held_rows
from accounts.notices.enums import DropReason, NoticeState
from accounts.notices.models import Notice
from accounts.notices.ports import Answer, Drop, Due, Say, Source
from accounts.notices.services import Posting, post
from accounts.notices.wording import Wordings
from accounts.notices.wording.filling import fill
from core.walltime import wall_of

MOST: Final = 100
"""Items of one digest; what is held beyond them goes into the next."""
BETWEEN: Final = " · "
OPEN: Final = (NoticeState.WAITING, NoticeState.LEASED)


class LeftOut(NamedTuple):
    """What becomes of an item that is not told."""

    state: NoticeState
    reason: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a digest says now, and what becomes of the items that it leaves out."""

    answer: Answer
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is said of each item, by its id; kept as ``Notice.said`` of it."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """What becomes of items that it does not tell."""
    more: bool = False
    """Whether anything stays held for the next digest."""


@dataclass(slots=True)
class _Items:
    lines: list[str] = field(default_factory=list)
    told: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    left_out: dict[str, LeftOut] = field(default_factory=dict)


def hold_for_digest(session: Session, *, row: Row, now: datetime) -> None:
    """Make sure that a digest will go to the person of a row that is held.

    One per person and day. One that is under way may have looked already; then it is the next's.
    """
    at = now
    for _turn in range(2):
        at = rules.next_morning(at, row.timezone)
        if _posted(session, row.recipient_id, at, row.timezone, now):
            return


def _posted(
    session: Session, recipient_id: str, at: datetime, timezone: str, now: datetime
) -> bool:
    day = wall_of(at, timezone)[0].date().isoformat()
    posting = Posting(rules.DIGEST, day, due_at=at)
    if post(session, posting, recipient_id=recipient_id, now=now):
        return True
    known = select(Notice.state).where(
        Notice.recipient_id == recipient_id,
        Notice.kind == rules.DIGEST,
        Notice.occurrence == day,
    )
    return session.execute(known).scalar_one() in OPEN


def gather(
    session: Session,
    due: Due,
    *,
    sources: Mapping[str, Source],
    wordings: Wordings,
    now: datetime,
) -> Gathered:
    """Return what is held for the person of a digest, each item as it is now."""
    rows, items = held_rows(session, due.person.recipient_id, MOST), _Items()
    for row in rows:
        _add(session, row, due, items, sources=sources, wordings=wordings, now=now)
    more = len(rows) == MOST or len(rows) > len(items.told) + len(items.left_out)
    if not items.lines:
        return Gathered(Drop(DropReason.NOTHING_NEW), left_out=items.left_out, more=more)
    said = Say(
        values={"count": str(len(items.lines)), "items": "\n".join(items.lines)},
        link=due.site.page("/", due.person.language),
    )
    return Gathered(said, items.told, items.left_out, more)


def _add(
    session: Session,
    row: Row,
    digest: Due,
    items: _Items,
    *,
    sources: Mapping[str, Source],
    wordings: Wordings,
    now: datetime,
) -> None:
    if reason := still_wanted(row, now):
        items.left_out[row.id] = LeftOut(NoticeState.DROPPED, reason)
        return
    item = due_of(row, digest.site)
    try:
        with session.begin_nested():  # a source that fails takes no other item with it
            answer = sources[row.kind](session, item, now)
            if isinstance(answer, Say):
                items.lines.append(line_of(item, answer, wordings))
                items.told[row.id] = answer.facts
    except Exception as error:  # noqa: BLE001 -- it steps aside; the others are told
        items.left_out[row.id] = LeftOut(NoticeState.FAILED, reason_of(error))
        return
    if isinstance(answer, Drop):
        items.left_out[row.id] = LeftOut(NoticeState.DROPPED, answer.reason)


def line_of(due: Due, say: Say, wordings: Wordings) -> str:
    """Return an item as one line: what happened, of what, and where to read on."""
    wording = wordings[say.kind or due.kind, due.person.language]
    parts = (
        fill(wording.subject, say.values),
        say.values.get("title", say.values.get("name", "")),
        say.link,
    )
    return BETWEEN.join(one_line(part) for part in parts if part)
