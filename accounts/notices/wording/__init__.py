"""The words of notices: defaults in both languages, what editors changed, and what may be written.

:func:`load` gives the words in force, :func:`default_of` those that come with the program,
:func:`check` says what is wrong with an edit. Sample values for previews are in :mod:`samples`.
"""

from accounts.notices.wording.checks import check
from accounts.notices.wording.loading import load
from accounts.notices.wording.texts import Wordings, WordingText, default_of, frame, short_of

__all__ = ["WordingText", "Wordings", "check", "default_of", "frame", "load", "short_of"]
