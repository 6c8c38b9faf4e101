"""Which indexed words somebody may have meant."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.search.models import term
from catalog.search.rules.asking import Term
from catalog.search.rules.spelling import can_be_mistyped, one_edit_away

CANDIDATES = 3


def meant(session: Session, asked: Term) -> tuple[str, ...]:
    """Return the indexed words one slip away from a term that is none itself, the commonest first.

    What is offered is searched for first, so that a word of what somebody may not know of is never
    told to them.
    """
    if not can_be_mistyped(asked) or _is_word(session, asked):
        return ()
    near = one_edit_away(asked.words[0])
    query = select(term.c.word).where(term.c.word.in_(sorted(near)))
    commonest = query.order_by(term.c.livestreams.desc(), term.c.word).limit(CANDIDATES)
    return tuple(session.scalars(commonest))


def _is_word(session: Session, asked: Term) -> bool:
    word = asked.words[0]
    longer = term.c.word.between(word, word + "z" * 3) if asked.begins else term.c.word == word
    return session.scalar(select(term.c.word).where(longer).limit(1)) is not None
