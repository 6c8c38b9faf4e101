"""The gate to follows: only of oneself, and only of what one may know of."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.follows import services
from catalog.follows.enums import Followed
from catalog.follows.models import Follow
from catalog.follows.queries import follow_of
from catalog.follows.rules import ACTS_AN_HOUR, Subject
from catalog.queries import one_host, one_series, topic_detail
from core.errors import NotFound, SignInNeeded
from core.limits import count_up
from core.sealing import fingerprint

HOUR = 3_600


def own_id(actor: Actor) -> str:
    """Return whose follows the actor may see and change: her own.

    Raises:
        SignInNeeded: Nobody is signed in.
    """
    if actor.user_id is None:
        raise SignInNeeded
    return actor.user_id


def follow(
    session: Session, *, actor: Actor, subjects: Iterable[Subject], now: datetime
) -> tuple[Follow, ...]:
    """Let the actor follow something; followed twice, it is one follow.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotFound: There is no such thing, or the actor may not know of it.
        FollowsEnough: It would be too much.
        TooMany: By this person within an hour.
    """
    user_id = own_id(actor)
    key = f"follow_by:{fingerprint(user_id)}"
    count_up(session, key=key, limit=ACTS_AN_HOUR, seconds=HOUR, now=now)
    return tuple(_follow(session, actor, user_id, subject, now) for subject in subjects)


def unfollow_one(session: Session, *, actor: Actor, follow_id: str) -> None:
    """Forget one of the actor's follows by its id.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotFound: There is none of hers.
    """
    if not services.unfollow_row(session, user_id=own_id(actor), follow_id=follow_id):
        raise NotFound


def _follow(
    session: Session, actor: Actor, user_id: str, subject: Subject, now: datetime
) -> Follow:
    _check_known(session, actor, subject)
    services.follow(session, user_id=user_id, subject=subject, now=now)
    found = follow_of(session, user_id=user_id, subject=subject)
    if found is None:  # another page of hers has just ended it
        raise NotFound
    return found


def _check_known(session: Session, actor: Actor, subject: Subject) -> None:
    """Refuse what the actor may not know of; each raises NotFound."""
    if subject.kind is Followed.TOPIC:
        topic_detail(session, slug=subject.id)
    elif subject.kind is Followed.SERIES:
        one_series(session, series_id=subject.id, actor=actor)
    else:
        one_host(session, host_id=subject.id, actor=actor)
