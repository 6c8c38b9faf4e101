"""What a form of words is read into, and what it is compared by. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from accounts.notices.wording import WordingText
from core.sealing import fingerprint
from core.words import storable

FIELDS: Final = ("subject", "body", "action")
BASE: Final = 16  # hexadecimal digits: enough to tell two texts apart


def read(form: Mapping[str, str]) -> WordingText:
    """Return the words that a form holds: lines as we keep them, nothing at the ends."""
    subject, body, action = (_plain(form.get(name, "")) for name in FIELDS)
    return WordingText(" ".join(subject.split()), body, " ".join(action.split()))


def base_of(text: WordingText, version: int) -> str:
    """Return by what a form says which words it began with; version 0: the ones that came."""
    words = json.dumps(asdict(text), ensure_ascii=False, sort_keys=True)
    return f"{version}-{fingerprint(words)[:BASE]}"


def _plain(text: str) -> str:
    lines = storable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
