"""Safe messaging: wording that can hurt a reader at risk, found before it is published. Pure.

A finding is shown to the editor with its reason. It stops nobody and changes nothing: a page about
prevention may have to say what it speaks of. The phrases are data, ``messaging.toml``.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from core.errors import _
from core.phrases import Phrasebook, Spelling, read_entries

FILE: Final = Path(__file__).with_name("messaging.toml")
REASONS: Final = {
    "method": _("Tells how somebody died or might die. Leave the method out."),
    "place": _("Tells where. Leave the place out: it draws others there."),
    "single_cause": _("Gives one cause. Suicide and illness have many; say so, or leave it out."),
    "stigma": _("Sounds of crime, failure or contempt. Say “died by suicide”, “a person with …”."),
    "glamour": _("Shows death as rest or as a way out. Say that help exists and that it passes."),
    "promise": _("Promises a cure. Say what helps many people, and how often."),
    "help": _("Speaks of suicide. Say at the start and at the end where to find help."),
}
HELP_WORDS: Final = ("/help", "crisis help", "hotline", "helpline", "988", "12356", "热线", "求助")
SUBJECT_WORDS: Final = ("suicid", "自杀", "轻生", "self-harm", "自伤", "自残")
LONG: Final = 400
"""From how many characters a text about suicide has to name help at its start and its end."""


class Finding(NamedTuple):
    """Words of a text, ``text[start:end]``, and why to look at them again."""

    field: str
    kind: str
    excerpt: str

    @property
    def reason(self) -> str:
        """Return the message that says why; it is translated where it is shown."""
        return REASONS[self.kind]


def messaging_findings(texts: Mapping[str, str]) -> list[Finding]:
    """Return what to look at again in ``texts``, by the names of their fields, each words once."""
    return [
        finding
        for field, text in texts.items()
        for finding in dict.fromkeys((*_phrases(field, text), *_help(field, text)))
    ]


def _phrases(field: str, text: str) -> Iterator[Finding]:
    for found in _book().find(text):
        yield Finding(field, found.tier, text[found.start : found.end])


def _help(field: str, text: str) -> Iterator[Finding]:
    lower = text.lower()
    if len(text) < LONG or not any(word in lower for word in SUBJECT_WORDS):
        return
    half = len(text) // 2
    for part in (lower[:half], lower[half:]):
        if not any(word in part for word in HELP_WORDS):
            yield Finding(field, "help", "")
            return


@cache
def _book() -> Phrasebook:
    return Phrasebook(spelling=Spelling({}, {}, frozenset()), entries=read_entries(FILE))
