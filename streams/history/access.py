"""The gate to histories: only of oneself, and only while one has said yes."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.joining.enums import ConsentKind
from accounts.joining.queries import consent_to
from accounts.rules import Actor
from catalog.access import livestream_for
from core.errors import SignInNeeded
from streams.history import services
from streams.history.errors import HistoryOff
from streams.history.queries import position_in
from streams.history.rules import WORTH, owner_key


def is_kept(session: Session, *, actor: Actor, hold: bool = False) -> bool:
    """Tell whether somebody has said yes to a history of what she watches.

    With ``hold`` the yes stands until the end of the transaction.
    """
    me = actor.user_id
    if me is None:
        return False
    return consent_to(session, user_id=me, kind=ConsentKind.HISTORY, hold=hold) is not None


def own_owner(session: Session, *, actor: Actor, data_key: str, hold: bool = False) -> str:
    """Return the name under which the history of the actor is kept; ``hold`` as :func:`is_kept`.

    Raises:
        SignInNeeded: Nobody is signed in.
        HistoryOff: The actor has not said yes.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not is_kept(session, actor=actor, hold=hold):
        raise HistoryOff
    return owner_key(data_key, actor.user_id)


def own_position(session: Session, *, actor: Actor, livestream_id: str, data_key: str) -> int:
    """Return the second at which the actor goes on in a replay; raises as below."""
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    owner = own_owner(session, actor=actor, data_key=data_key)
    return position_in(session, owner=owner, livestream_id=livestream.id)


def keep_own_position(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    seconds: int,
    duration: int,
    data_key: str,
    now: datetime,
) -> None:
    """Keep how far the actor came in a replay.

    Raises:
        NotFound: The actor may not know of the livestream.
        SignInNeeded, HistoryOff: As above.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    owner = own_owner(session, actor=actor, data_key=data_key, hold=True)
    if seconds < WORTH:
        return
    services.keep_position(
        session,
        owner=owner,
        livestream_id=livestream.id,
        seconds=seconds,
        duration=duration,
        now=now,
    )
