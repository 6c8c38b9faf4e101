"""Sample mails for tests, and what a reader sees of them."""

import re
from dataclasses import replace
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from accounts.notices.composing import compose
from accounts.notices.kinds import KINDS
from accounts.notices.ports import Person, Say
from accounts.notices.wording.samples import sample_due, sample_say
from accounts.notices.wording.texts import defaults
from core.words import ENGLISH, LANGUAGES
from tests.fakes.mail import read_mail

EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]
"""Every mail there is."""


class SeenPage(HTMLParser):
    """Gathers the texts and addresses of a page, without what is hidden or style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self._closing: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in {"style", "title"} or "display:none" in (found.get("style") or ""):
            self._closing.append(tag)
        if tag == "a":
            self.links.append(found.get("href") or "")
        self.loaded += [
            str(found[name]) for name in ("src", "srcset", "background") if name in found
        ]
        if tag == "link":
            self.loaded.append(str(found.get("href")))

    def handle_endtag(self, tag: str) -> None:
        if self._closing and self._closing[-1] == tag:
            self._closing.pop()

    def handle_data(self, data: str) -> None:
        if not self._closing:
            self.texts.append(data)

    @property
    def sentences(self) -> list[str]:
        """Everything that is read, text by text."""
        texts = (re.sub(r"\s+", " ", text).strip() for text in self.texts)
        return [text for text in texts if text]


def composed(name: str, language: str = ENGLISH, /, **changes: Any) -> EmailMessage:  # noqa: ANN401 -- as the fields are
    """Return the sample mail of a kind; ``changes`` are fields of its person and its words."""
    due, say = sample_due(name, language), sample_say(name, language)
    of_person = {field: changes[field] for field in changes if field in Person.__slots__}
    of_say = {field: changes[field] for field in changes if field in Say.__slots__}
    due = replace(due, person=replace(due.person, **of_person))
    return read_mail(compose(due, replace(say, **of_say), defaults()).content)


def plain_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    return _part(mail, "plain")


def html_of(mail: EmailMessage) -> str:
    """Return the HTML of a mail."""
    return _part(mail, "html")


def _part(mail: EmailMessage, name: str) -> str:
    part = mail.get_body((name,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
