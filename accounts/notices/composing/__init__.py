"""Mails and text messages, written from what a source says and the words in force. Pure."""

from collections.abc import Mapping
from datetime import datetime

from accounts.notices.composing.footers import footer_of
from accounts.notices.composing.html import html_text
from accounts.notices.composing.mime import Letter, address, mail_bytes
from accounts.notices.composing.paragraphs import one_line, paragraphs
from accounts.notices.composing.plain import plain_text
from accounts.notices.composing.texting import text_message
from accounts.notices.enums import Channel
from accounts.notices.ports import Due, Outgoing, Say
from accounts.notices.wording import WordingText, short_of
from accounts.notices.wording.filling import fill
from core.words import CHINESE


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
    bullets, or whole paragraphs with an empty line between them; it may be empty. A line that ends
    in an address of the site is shown as a link. ``was`` is the start as the person knew it,
    written out; empty: as ``starts``. ``left`` is a length of time in words, ``10 minutes``.

    Raises:
        AddressRefusedError: No mail can be sent to what the person has as an address.
        KeyError: The source left out a variable that the wording names, or a text message is asked
            for of a kind that has none.
    """
    if due.channel == Channel.SMS:
        return _text_message(due, say)
    to = address(due.person.address)
    return Outgoing(due.id, due.channel, to, _mail(due, say, wordings, to, now))


def _mail(
    due: Due,
    say: Say,
    wordings: Mapping[tuple[str, str], WordingText],
    to: str,
    now: datetime | None,
) -> bytes:
    person, language = due.person, due.person.language
    wording, values = wordings[say.kind or due.kind, language], _values(say)
    heading = one_line(fill(wording.subject, values))
    content, footer = paragraphs(wording.body, values), footer_of(due, say)
    button = (wording.action, say.link) if wording.action else ("", "")
    return mail_bytes(
        Letter(
            id=due.id,
            sender=due.site.sender,
            to=to,
            subject=_subject(heading, say, due),
            language=language,
            at=now or due.due_at,
            plain=plain_text(heading, content, button, footer, language),
            html=html_text(
                heading,
                content,
                button,
                footer,
                language,
                site=due.site.address,
                is_discreet=not person.shows_titles,
            ),
            calendar=say.calendar,
            one_click=footer.one_click,
        )
    )


def _values(say: Say) -> Mapping[str, str]:
    """Return the values of a notice; a start that nobody moved was what it is."""
    if say.values.get("was") or "starts" not in say.values:
        return say.values
    return {**say.values, "was": say.values["starts"]}


def _subject(heading: str, say: Say, due: Due) -> str:
    if not (due.person.shows_titles and say.title):
        return heading
    colon = "\uff1a" if due.person.language == CHINESE else ": "
    return f"{heading}{colon}{say.title}"


def _text_message(due: Due, say: Say) -> Outgoing:
    pattern = short_of(say.kind or due.kind, due.person.language)
    if pattern is None:
        raise KeyError(say.kind or due.kind)
    text = text_message(pattern, _values(say), say.link)
    return Outgoing(due.id, due.channel, due.person.phone, text.encode())
