"""A mail in bytes (RFC 5322, RFC 2045 to 2047). Pure.

Written here and not by ``email``, which takes several times as long for each of a hundred thousand
reminders; a test reads what is written with ``email`` and compares it.

With an entry for the calendar, the mail has it twice: as the last alternative, which is where RFC
6047 and [MS-OXCMAIL] 2.1.3.3.8 have it and Outlook, Gmail and Apple look, with the method of the
text repeated in the type; and as a file ``invite.ics`` (``application/ics``), because programs that
show only attachments would show none (the structure that CalConnect's guide to iMIP recommends and
Google Calendar sends).
"""

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import Final, NamedTuple

from accounts.notices.errors import AddressRefusedError
from accounts.notices.ports import CalendarPart

NAME: Final = "Mindcast"
WORD: Final = 42
"""Octets of one encoded word: 75 characters of it at most (RFC 2047), in whole characters."""
LINE: Final = 76
LONGEST_SUBJECT: Final = 200
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_METHOD: Final = re.compile(r"[A-Z]+")


class Letter(NamedTuple):
    """What a mail is made of."""

    id: str
    sender: str
    to: str
    """As :func:`address` returns it."""
    subject: str
    language: str
    at: datetime
    plain: str
    html: str
    calendar: CalendarPart | None
    one_click: str


def mail_bytes(letter: Letter) -> bytes:
    """Return a whole mail; its lines end in CRLF, and all of it is ASCII."""
    head = "\r\n".join(_headers(letter))
    if letter.calendar is None:
        return f"{head}\r\n{_alternative(letter)}".encode("ascii")
    outer = _boundary("m", letter.id)
    return (
        f'{head}\r\nContent-Type: multipart/mixed;\r\n boundary="{outer}"\r\n\r\n'
        f"--{outer}\r\n{_alternative(letter)}"
        f"--{outer}\r\n{_file(letter.calendar)}--{outer}--\r\n"
    ).encode("ascii")


def _headers(letter: Letter) -> Iterator[str]:
    yield f"From: {NAME} <{letter.sender}>"
    yield f"To: {letter.to}"
    yield f"Subject: {subject(letter.subject)}"
    yield f"Date: {format_datetime(letter.at)}"
    yield f"Message-ID: <{letter.id}@{letter.sender.rpartition('@')[2]}>"
    yield "MIME-Version: 1.0"
    yield f"Content-Language: {letter.language}"
    yield "Auto-Submitted: auto-generated"  # RFC 3834: no answers of machines
    yield "X-Auto-Response-Suppress: All"
    if letter.one_click:
        yield f"List-Unsubscribe: <{letter.one_click}>"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def _alternative(letter: Letter) -> str:
    inner = _boundary("a", letter.id)
    parts = [
        _part("text/plain; charset=UTF-8; format=flowed", letter.plain),
        _part("text/html; charset=UTF-8", letter.html),
    ]
    if letter.calendar is not None:
        method = _method(letter.calendar)
        kind = f"text/calendar; charset=UTF-8; method={method}"
        parts.append(f"Content-Type: {kind}\r\n{_base64(letter.calendar.text)}")
    body = "".join(f"--{inner}\r\n{part}" for part in parts)
    kind = f'multipart/alternative;\r\n boundary="{inner}"'
    return f"Content-Type: {kind}\r\n\r\n{body}--{inner}--\r\n"


def _file(calendar: CalendarPart) -> str:
    return (
        'Content-Type: application/ics; name="invite.ics"\r\n'
        'Content-Disposition: attachment; filename="invite.ics"\r\n'
        f"{_base64(calendar.text)}"
    )


def _part(kind: str, text: str) -> str:
    """Return a text as a part: quoted-printable while most of it is ASCII, else base64."""
    octets = text.encode()
    is_mostly_other = len(octets) - len(text) > len(octets) // 6
    octets = octets.replace(b"\n", b"\r\n")
    if is_mostly_other:
        return f"Content-Type: {kind}\r\n{_base64_of(octets)}"
    quoted = b2a_qp(octets, istext=True).decode("ascii")
    return (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n"
    )


def _base64(text: str) -> str:
    return _base64_of(text.encode())


def _base64_of(octets: bytes) -> str:
    lines = encodebytes(octets).decode("ascii").replace("\n", "\r\n")
    return f"Content-Transfer-Encoding: base64\r\n\r\n{lines}"


def address(text: str) -> str:
    """Return a mail address as a header and a mail server take it.

    Raises:
        AddressRefusedError: It is none, or its part before the @ is not ASCII.
    """
    name, _at, domain = text.rpartition("@")
    try:
        plain = text if text.isascii() else f"{name}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        plain = ""
    if not _ADDRESS.fullmatch(plain):
        raise AddressRefusedError
    return plain


def subject(text: str) -> str:
    """Return a subject as the value of a header: one line or folded ones, in ASCII."""
    plain = " ".join(text.split())[:LONGEST_SUBJECT]
    if not plain.isprintable():
        plain = "".join(character for character in plain if character.isprintable())
    if plain.isascii() and "=?" not in plain:
        return _folded(plain.split(" "))
    return "\r\n ".join(_encoded(plain))


def _folded(words: Iterable[str]) -> str:
    line, lines = "Subject:", []
    for word in words:
        if len(line) + len(word) >= LINE and line != "Subject:":
            lines.append(line)
            line = ""
        line = f"{line} {word}"
    return "\r\n".join([*lines, line]).removeprefix("Subject: ")


def _encoded(text: str) -> Iterator[str]:
    """Yield a text in encoded words; no character is cut in two."""
    chunk = ""
    size = 0
    for character in text:
        octets = len(character.encode())
        if size + octets > WORD:
            yield _word(chunk)
            chunk, size = "", 0
        chunk += character
        size += octets
    yield _word(chunk)


def _word(text: str) -> str:
    return f"=?utf-8?b?{b64encode(text.encode()).decode('ascii')}?="


def _method(calendar: CalendarPart) -> str:
    if not _METHOD.fullmatch(calendar.method):
        raise ValueError(calendar.method)
    return calendar.method


def _boundary(name: str, notice_id: str) -> str:
    """Return what parts two parts: ``=_`` stands in neither of the two encodings."""
    return f"=_{name}_{notice_id}"
