"""Mails and text messages, written from what a source says and the words in force. Pure."""

from collections.abc import Mapping
from datetime import datetime

from accounts.notices.ports import Due, Outgoing, Say
from accounts.notices.wording import WordingText


def compose(
    due: Due,
    say: Say,
    wordings: Mapping[tuple[str, str], WordingText],
    *,
    now: datetime | None = None,
) -> Outgoing:
    """Write one notice for one person.

    ``now`` is the date of the mail; without it, the moment the notice was due. A block
    (``changes``, ``items``, ``dates``, ``note``, ``reason``) is lines, one per entry, without
    bullets, or whole paragraphs with an empty line between them; it may be empty. ``was`` is the
    start as the person knew it, written out; empty: as ``starts``. ``left`` is a length of time in
    words, ``10 minutes``.

    Raises:
        AddressRefused: No mail can be sent to what the person has as an address.
        KeyError: The source left out a variable that the wording names.
    """
    raise NotImplementedError
