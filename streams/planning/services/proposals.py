"""A proposal is accepted, or goes back to its host with a reason."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_user
from catalog.models import Livestream
from core.errors import FieldError, InvalidInput, _
from core.ids import new_id
from core.words import storable
from scheduler.models import SentBack
from streams.life import services as life

LONGEST_REASON: Final = 2000
NO_REASON: Final = _("Write what should be different, so that the host can propose it again.")
TOO_LONG: Final = _("At most %(longest)s characters.")


def send_back(
    session: Session, *, livestream: Livestream, reason: str, by: str | None, now: datetime
) -> SentBack:
    """Make a proposal a draft again and say why to its host; the time is free.

    Raises:
        InvalidInput: There is no reason, or too much of it.
        NotInThisState: It is no proposal any more.
    """
    words = storable(reason).strip()
    if not words:
        raise InvalidInput(FieldError("reason", NO_REASON))
    if len(words) > LONGEST_REASON:
        raise InvalidInput(FieldError("reason", TOO_LONG, {"longest": LONGEST_REASON}))
    life.send_back(session, livestream=livestream, now=now)
    row = SentBack(id=new_id(), livestream_id=livestream.id, reason=words, by=by, at=now)
    session.add(row)
    session.flush()
    posting = Posting("proposal_returned", row.id)
    post_to_user(session, posting, user_id=livestream.host_id, now=now)
    return row
