"""The words in force: those that come with the program, and what editors wrote in their place."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Wording
from accounts.notices.wording.texts import Wordings, WordingText, defaults


def load(session: Session) -> Wordings:
    """Return the words of every kind and language; one query, for a whole batch of notices."""
    rows = session.execute(
        select(Wording.kind, Wording.language, Wording.subject, Wording.body, Wording.action)
    )
    known = defaults()
    edited = {
        (kind, language): WordingText(subject, body, action)
        for kind, language, subject, body, action in rows
        if (kind, language) in known  # a kind that was given up
    }
    return {**known, **edited}
