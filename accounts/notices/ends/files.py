"""Mails and text messages as files in the home, while there is no server for them.

``mail/<day>/<hour>/<notice>.<random>.eml``: readable by the owner of the home only. A file has its
name once it is whole; one sent again is a second file, so that repetitions can be counted.
"""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from accounts.notices.enums import Channel
from accounts.notices.errors import EndDownError
from accounts.notices.ports import Outgoing
from core.clock import utc_now

ENDINGS: Final = {Channel.MAIL: "eml", Channel.SMS: "txt"}


class FileEnd:
    """Writes every notice of a channel as a file below ``folder``; times are UTC."""

    def __init__(
        self, folder: Path, channel: Channel, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.folder = folder
        self.channel = channel
        self._clock = clock

    def send(self, message: Outgoing) -> None:
        """Write one; raises ``EndDownError`` on a full disk or a folder that takes nothing."""
        hour = self.folder / f"{self._clock():%Y-%m-%d/%H}"
        name = f"{message.id}.{token_hex(4)}.{ENDINGS[self.channel]}"
        try:
            _make(hour, self.folder.parent)
            _write(hour / f".{name}", hour / name, self._content(message))
        except OSError as error:
            reason = f"cannot write below {self.folder}: {error.strerror}"
            raise EndDownError(reason) from None

    def close(self) -> None:
        """Nothing is open between two files."""

    def _content(self, message: Outgoing) -> bytes:
        if self.channel is Channel.MAIL:
            return message.content
        return f"To: {message.to}\n\n".encode() + message.content + b"\n"


def _make(folder: Path, home: Path) -> None:
    """Make a folder and those above it, up to the home, for the owner alone."""
    if folder.is_dir():
        return
    if folder != home:
        _make(folder.parent, home)
    folder.mkdir(mode=0o700, exist_ok=True)


def _write(aside: Path, place: Path, content: bytes) -> None:
    """Write a file aside and give it its name; nothing is left of one that failed."""
    try:
        with open(aside, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(content)
        aside.rename(place)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
