"""What a host says and does when somebody seems at risk: reviewed data beside the code.

``script.json`` holds one version. A text that changes gets the next number: everybody reads it
again before going live.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from core.words import Words

FILE: Final = Path(__file__).parents[1] / "script.json"


@dataclass(frozen=True, slots=True)
class ScriptPart:
    """Sentences under one heading."""

    title: Words
    sentences: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """The text; ``reviewed_by`` names the clinician who signed it, empty: nobody yet."""

    version: int
    reviewed_by: str
    notice: Words
    """Says by whom it was reviewed, or that it was not."""
    parts: tuple[ScriptPart, ...]


@cache
def script() -> Script:
    """Return the present version."""
    found = json.loads(FILE.read_text("utf-8"))
    parts = tuple(ScriptPart(one["title"], tuple(one["sentences"])) for one in found["parts"])
    return Script(found["version"], found["reviewed_by"], found["notice"], parts)
