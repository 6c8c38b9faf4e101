"""Which answers of the library fit what somebody is about to ask."""

from itertools import islice

from sqlalchemy.orm import Session

from streams.answers.models import Answer
from streams.answers.queries import AnswerView, on_their_replays, public_rows
from streams.answers.rules import MOST_SUGGESTED, fitting

SPARE = 3
"""So many more are looked at: the part of some may have been cut away."""


def answers_like(
    session: Session, *, text: str, topic: str | None = None, most: int = MOST_SUGGESTED
) -> list[AnswerView]:
    """Return up to ``most`` public answers that fit a text, the best first.

    The text is looked at and not kept.
    """
    known = {answer.id: (answer, names) for answer, names in public_rows(session, topic=topic)}
    texts = [(key, _words(answer)) for key, (answer, _names) in known.items()]
    best = [known[key] for key in fitting(text, texts, most=most + SPARE)]
    return list(islice(on_their_replays(session, best), most))


def _words(answer: Answer) -> str:
    return " ".join((*answer.titles.values(), *answer.texts.values()))
