"""A notice as its reader would get it, made of sample values and given words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from accounts.notices.composing import compose
from accounts.notices.enums import Channel
from accounts.notices.kinds import IN_SUBJECTS, KINDS
from accounts.notices.wording import WordingText, short_of
from accounts.notices.wording.samples import sample_due, sample_say
from web.notices_desk.letters import Letter, read_letter

PHONE: Final = "+447700900123"
"""Of a range that is kept for examples (Ofcom); nobody has it."""


def letter_of(kind: str, language: str, wordings: Mapping[tuple[str, str], WordingText]) -> Letter:
    """Return the mail exactly as it would be sent."""
    outgoing = compose(sample_due(kind, language), sample_say(kind, language), wordings)
    return read_letter(outgoing.content)


def text_message_of(
    kind: str, language: str, wordings: Mapping[tuple[str, str], WordingText]
) -> str:
    """Return the text message of a kind, or nothing for one that is only sent by mail."""
    if short_of(kind, language) is None:
        return ""
    due = sample_due(kind, language)
    by_phone = replace(due, channel=Channel.SMS, person=replace(due.person, phone=PHONE))
    return compose(by_phone, sample_say(kind, language), wordings).content.decode()


def variables_of(kind: str, language: str) -> tuple[tuple[str, str, bool], ...]:
    """Return each variable of a kind, its value in the sample, and whether subjects may name it."""
    values = sample_say(kind, language).values
    names = sorted(KINDS[kind].variables, key=lambda name: (name not in IN_SUBJECTS, name))
    return tuple((name, values.get(name, ""), name in IN_SUBJECTS) for name in names)
