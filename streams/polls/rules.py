"""What a poll must be, what becomes of it, and what is told of its answers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import FieldError, InvalidInput, _
from core.words import without_controls
from streams.audience.rules.telling import LEAST, Few, told_or_few
from streams.polls.enums import PollState as P

FEWEST: Final = 2
MOST: Final = 6
"""Choices: more are not read on a phone beside a video."""
LONGEST_QUESTION: Final = 200
LONGEST_CHOICE: Final = 120
MOST_POLLS: Final = 30
"""Of one livestream."""

FROM: Final[Mapping[P, frozenset[str]]] = {
    P.OPEN: frozenset({P.DRAFT, P.CLOSED}),
    P.CLOSED: frozenset({P.OPEN}),
    P.RELEASED: frozenset({P.OPEN, P.CLOSED}),
}
"""From which states a poll gets into each; whatever was released stays as it was told."""

Share = int | Few
"""Percent, or ``few`` where fewer than ten people chose it."""

NO_QUESTION: Final = _("Write what you want to ask.")
TOO_LONG: Final = _("Use at most %(most)s characters.")
TOO_FEW: Final = _("Give at least two different answers to choose from.")
TOO_MANY: Final = _("Give at most six answers to choose from.")
NO_CHOICE: Final = _("Choose one of the answers.")
MANY_POLLS: Final = _("There are already as many polls as anybody answers.")


@dataclass(frozen=True, slots=True)
class PollDraft:
    """A poll as somebody wrote it, in one language or both."""

    texts: Mapping[str, str]
    choices: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What everybody may know of the answers."""

    answers: int | Few
    shares: tuple[Share, ...] | None
    """Per choice; None where so few answered that nothing is told."""


def checked(draft: PollDraft) -> PollDraft:
    """Return a poll as it is kept.

    Raises:
        InvalidInput: Something is empty, doubled, too long or too much.
    """
    texts = _plain(draft.texts)
    choices = [plain for one in draft.choices if (plain := _plain(one))]
    faults = [*_faults_of_question(texts), *_faults_of_choices(choices)]
    if faults:
        raise InvalidInput(*faults)
    return PollDraft(texts, choices)


def figures(counts: Sequence[int], least: int) -> Figures:
    """Return what is told of ``counts``: nothing that points at a few people.

    Below ``least`` answers nothing but that there were a few. Above, the number is rounded as every
    number of people is, a share is rounded to five percent, and what fewer than ten people chose is
    ``few``: neither says what one person chose.
    """
    people = sum(counts)
    answers = told_or_few(people, least)
    if answers is None or isinstance(answers, str):
        return Figures("few", None)
    return Figures(answers, tuple(_share(count, people) for count in counts))


def _share(count: int, people: int) -> Share:
    if count < LEAST:
        return "few"  # nobody is few, too: "none" would tell of everybody who answered
    return (count * 20 + people // 2) // people * 5


def _plain(words: Mapping[str, str]) -> dict[str, str]:
    lines = {tag: " ".join(without_controls(text).split()) for tag, text in words.items()}
    return {tag: line for tag, line in lines.items() if line}


def _faults_of_question(texts: Mapping[str, str]) -> list[FieldError]:
    if not texts:
        return [FieldError("question", NO_QUESTION)]
    if any(len(one) > LONGEST_QUESTION for one in texts.values()):
        return [FieldError("question", TOO_LONG, {"most": LONGEST_QUESTION})]
    return []


def _faults_of_choices(choices: Sequence[Mapping[str, str]]) -> list[FieldError]:
    different = {tuple(sorted(one.items())) for one in choices}
    if len(different) < FEWEST or len(different) < len(choices):
        return [FieldError("choices", TOO_FEW)]
    if len(choices) > MOST:
        return [FieldError("choices", TOO_MANY)]
    if any(len(text) > LONGEST_CHOICE for one in choices for text in one.values()):
        return [FieldError("choices", TOO_LONG, {"most": LONGEST_CHOICE})]
    return []
