"""Whoever follows a topic, a series or a host is told of what is new there, if she asked for mails.

Once when a public livestream is announced and that has settled, once when its replay can be
watched. The mailing is made by whoever notes the one or the other, in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import Category, Pace
from accounts.notices.paces import pace_in
from accounts.notices.services.posting import Reader
from catalog.enums import Visibility
from catalog.follows.queries import Follower, followers_after, is_followed
from catalog.models import Livestream
from scheduler.models.notices import Mailing
from scheduler.notices.mailings import make_mailing
from scheduler.notices.settling import QUIET

COMING: Final = "new_for_you"
REPLAY: Final = "replay_for_you"
KINDS: Final = frozenset({COMING, REPLAY})


def tell_coming(session: Session, livestream_id: str, starts_at: datetime, now: datetime) -> None:
    """Write down that followers are to be told of a first announcement, once it has settled."""
    facts = {"start": starts_at.isoformat()}
    _tell(session, livestream_id, COMING, facts, due_at=now + QUIET, now=now)


def tell_replay(session: Session, livestream_id: str, now: datetime) -> None:
    """Write down that followers are to be told of a replay that has just come out."""
    _tell(session, livestream_id, REPLAY, {}, due_at=now, now=now)


def readers_among(followers: Sequence[Follower]) -> list[Reader]:
    """Return who said yes to mails; of the others the ledger keeps nothing."""
    return [
        Reader(one.recipient_id)
        for one in followers
        if pace_in(one.choices, Category.FOLLOWS) is not Pace.OFF
    ]


def next_followers(session: Session, mailing: Mailing, limit: int) -> Sequence[Follower]:
    """Return who stands behind the cursor of a mailing; nobody, once it is not public."""
    if not _is_public(session, mailing.livestream_id):
        return ()
    return followers_after(
        session,
        livestream_id=mailing.livestream_id,
        since=mailing.created_at,
        cursor=mailing.cursor,
        limit=limit,
    )


def _tell(
    session: Session,
    livestream_id: str,
    kind: str,
    facts: dict[str, str],
    *,
    due_at: datetime,
    now: datetime,
) -> None:
    if _is_public(session, livestream_id) and is_followed(session, livestream_id=livestream_id):
        make_mailing(session, livestream_id, kind, revision=1, facts=facts, due_at=due_at, now=now)


def _is_public(session: Session, livestream_id: str) -> bool:
    seen_by = select(Livestream.visibility).where(Livestream.id == livestream_id)
    return session.scalar(seen_by) == Visibility.PUBLIC
