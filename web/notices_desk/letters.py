"""A mail taken apart for a page: its headers, its text, its HTML and what is attached. Pure."""

from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from typing import Final

TEXT: Final = "text/plain"
HTML: Final = "text/html"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail beside its words."""

    name: str
    type: str
    content: bytes

    @property
    def text(self) -> str:
        """What it says, where it is a text; else nothing."""
        is_text = self.type.startswith("text/") or self.name.endswith(".ics")
        return self.content.decode("utf-8", "replace") if is_text else ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as its reader gets it."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]

    def header(self, name: str) -> str:
        """Return the first header of this name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def read_letter(content: bytes) -> Letter:
    """Take a whole mail (RFC 5322) apart; what cannot be read is left out."""
    message = message_from_bytes(content, policy=default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    text, html = _body(parts, TEXT), _body(parts, HTML)
    others = [part for part in parts if part is not text and part is not html]
    return Letter(
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_words(text),
        html=_words(html),
        attachments=tuple(_attachment(part, number) for number, part in enumerate(others, 1)),
    )


def _body(parts: list[EmailMessage], kind: str) -> EmailMessage | None:
    return next(
        (one for one in parts if one.get_content_type() == kind and not one.is_attachment()), None
    )


def _words(part: EmailMessage | None) -> str:
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError, MessageError):  # an unknown charset, a broken encoding
        return ""


def _attachment(part: EmailMessage, number: int) -> Attachment:
    kind = part.get_content_type()
    name = part.get_filename() or ("calendar.ics" if kind == "text/calendar" else f"part-{number}")
    content = part.get_payload(decode=True)
    return Attachment(name, kind, content if isinstance(content, bytes) else b"")
