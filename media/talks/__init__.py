"""Talks made from a script: speech by a synthesiser, slides drawn here, exact captions, chapters.

For demo content only. The packages it needs are optional: without one of them a
:class:`media.talks.errors.TalkImpossible` says which.
"""

from media.talks.errors import ScriptInvalid, TalkImpossible
from media.talks.making import Talk, make_talk
from media.talks.scripts import Script, read_script

__all__ = ["Script", "ScriptInvalid", "Talk", "TalkImpossible", "make_talk", "read_script"]
