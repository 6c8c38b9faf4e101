"""The bytes of a mail say what the standard library would have written."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.notices.composing import compose
from accounts.notices.composing.mime import Letter, mail_bytes
from accounts.notices.ports import CalendarPart
from accounts.notices.wording.samples import sample_due, sample_say
from accounts.notices.wording.texts import defaults
from tests.fakes.letters import EVERY
from tests.fakes.mail import read_mail

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=400)
LINES = st.lists(TEXTS, max_size=6).map("\n".join)


def _by_the_library(letter: Letter) -> EmailMessage:
    """Return a letter as ``email`` writes it, with the same parts in the same order."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = f"Mindcast <{letter.sender}>", letter.to
    mail["Subject"], mail["Date"] = letter.subject, letter.at
    mail.set_content(letter.plain, params={"format": "flowed"})
    mail.add_alternative(letter.html, subtype="html")
    if letter.calendar is not None:
        text, method = letter.calendar.text.encode(), letter.calendar.method
        params = {"charset": "UTF-8", "method": method}
        mail.add_alternative(text, "text", "calendar", params=params)
        mail.add_attachment(text, "application", "ics", filename="invite.ics")
    return read_mail(mail.as_bytes())


def _told(mail: EmailMessage) -> list[tuple[Any, ...]]:
    """Return everything that a reader makes something of."""
    heads = tuple(str(mail[name]).strip() for name in ("From", "To", "Subject", "Date"))
    return [heads, *(_part(part) for part in mail.walk())]


def _part(part: EmailMessage) -> tuple[Any, ...]:
    params = {
        name: value.lower()
        for name, value in part["Content-Type"].params.items()
        if name in {"charset", "method", "format"}
    }
    payload = part.get_payload(decode=True)
    content = payload.replace(b"\r\n", b"\n").rstrip(b"\n") if isinstance(payload, bytes) else None
    return (part.get_content_type(), params, part.get_filename(), content)


def _letter(mail: EmailMessage) -> Letter:
    parts = {part.get_content_type(): part for part in mail.walk()}
    entry = parts.get("text/calendar")
    return Letter(
        id="a",
        sender="mindcast@mindcast.example.org",
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        language=str(mail["Content-Language"]),
        at=mail["Date"].datetime,
        plain=parts["text/plain"].get_content(),
        html=parts["text/html"].get_content(),
        calendar=None
        if entry is None
        else CalendarPart(entry["Content-Type"].params["method"], _text_of(entry)),
        one_click="",
    )


def _text_of(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_mail_is_read_as_that_of_the_library(kind: str, language: str) -> None:
    sent = compose(sample_due(kind, language), sample_say(kind, language), defaults(), now=AT)
    mail = read_mail(sent.content)
    assert _told(mail) == _told(_by_the_library(_letter(mail)))


@given(plain=LINES, html=LINES, entry=st.none() | LINES)
def test_any_text_comes_back_as_it_was(plain: str, html: str, entry: str | None) -> None:
    letter = Letter(
        id="0197c3f0a1b27d4e8f60918273640003",
        sender="mindcast@example.org",
        to="reader@example.org",
        subject="One",
        language="en",
        at=AT,
        plain=plain + "\n",
        html=html + "\n",
        calendar=None if entry is None else CalendarPart("REQUEST", entry),
        one_click="",
    )
    content = mail_bytes(letter)
    assert max(map(len, content.split(b"\r\n"))) <= 80
    mail = read_mail(content)
    texts = [_text_of(part) for part in mail.walk() if not part.is_multipart()]
    expected = [letter.plain.replace("\n", "\r\n"), letter.html.replace("\n", "\r\n")]
    assert texts == expected + ([] if entry is None else [entry, entry])


@pytest.mark.parametrize("method", ["", "request", 'REQUEST"\r\nBcc: x@y.z', "REQUEST; x=1"])
def test_method_that_is_none_is_refused(method: str) -> None:
    letter = Letter("a", "a@b.c", "d@e.f", "One", "en", AT, "p", "h", CalendarPart(method, "x"), "")
    with pytest.raises(ValueError, match=r".*"):
        mail_bytes(letter)
