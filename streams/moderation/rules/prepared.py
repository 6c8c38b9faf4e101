"""Texts that are ready for a private answer, in the language of the asker. Pure.

Triage keeps the words; here they are put in the order in which a question calls for them. Whoever
sends one may change it first; what closes a question of high risk is sent as it stands.
"""

from dataclasses import dataclass
from typing import Final

from core.words import Words, in_language
from streams.questions.enums import RiskTier
from streams.triage.identifying import identifying_details
from streams.triage.replies import prepared_replies
from streams.triage.rules import tier_of

HELP: Final = "emergency"
FITS: Final = "fits"
"""The group of what the words of a question call for."""
LAST_OF_RISK: Final = "find_care"
DETAILS: Final = "identifying_details"
OF_REDIRECT: Final = {"diagnosis": "personal_diagnosis", "dosing": "dosing"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """One text; its title is for moderators, in both languages."""

    key: str
    group: str
    """:data:`FITS`, or one of ``streams.triage.replies.GROUPS``."""
    titles: Words
    text: str


def prepared_for(text: str, tier: str, language: str) -> tuple[Prepared, ...]:
    """Return what fits a question: what its own words call for comes first.

    What is for people at risk is not offered for a harmless question, nor the other way round.
    """
    replies = prepared_replies()
    last = next(at for at, one in enumerate(replies) if one.id == LAST_OF_RISK)
    fitting = {RiskTier.HIGH: replies[: last + 1], RiskTier.LOW: replies[last:]}
    first = {OF_REDIRECT.get(tier_of(text).redirect, "")}
    if identifying_details(text):
        first.add(DETAILS)
    ordered = sorted(fitting.get(RiskTier(tier), replies), key=lambda one: one.id not in first)
    return tuple(
        Prepared(
            one.id,
            FITS if one.id in first else one.group,
            one.title,
            in_language(one.text, language),
        )
        for one in ordered
    )


def help_text(language: str) -> str:
    """Return what an asker who may be in danger reads when their question is closed."""
    return next(in_language(one.text, language) for one in prepared_replies() if one.id == HELP)
