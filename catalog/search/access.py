"""Searching on somebody's behalf: nothing they may not know of is found, counted or offered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.search.enums import Manner
from catalog.search.queries.finding import Found, Wanted, find, views_of
from catalog.search.queries.quoting import Hit, hits_of
from catalog.search.queries.spelling import meant
from catalog.search.rules.asking import Asked, asked_for, asked_loosely
from catalog.search.rules.spelling import respelled

PAGE: Final = 20
LAST_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Searched:
    """A page of results, and how they came to be found."""

    manner: Manner
    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    instead: str = ""
    """What was looked for in place of what was typed, if anything was."""

    @property
    def pages(self) -> int:
        """How many pages there are to turn."""
        return min(LAST_PAGE, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class _Search:
    session: Session
    actor: Actor
    wanted: Wanted
    now: datetime
    page: int

    def found(self, asked: Asked, *, every: bool = True) -> Found:
        """Return a page of what matches; after the last page the first one."""
        found = self._page(asked, every=every, page=self.page)
        return found if found.ids or self.page == 1 else self._page(asked, every=every, page=1)

    def _page(self, asked: Asked, *, every: bool, page: int) -> Found:
        return find(
            self.session,
            actor=self.actor,
            asked=asked,
            wanted=self.wanted,
            now=self.now,
            every=every,
            offset=PAGE * (page - 1),
            limit=PAGE,
        )


def search_for(
    session: Session,
    *,
    actor: Actor,
    text: str,
    wanted: Wanted,
    language: str,
    now: datetime,
    page: int = 1,
) -> Searched:
    """Return the livestreams that the actor may know of and that have what was typed.

    When none has, one slip in one or more words is forgiven; when none has that either, those that
    have some of the words are shown. ``page`` counts from 1; after the last one comes the first.
    """
    asked = asked_for(text)
    if not asked:
        return Searched(Manner.NOTHING)
    search = _Search(session, actor, wanted, now, max(1, min(page, LAST_PAGE)))
    manner, asked, found = _attempts(search, asked)
    hits = hits_of(session, views_of(session, found.ids), asked=asked, language=language)
    instead = " ".join(term.text for term in asked.terms) if manner is Manner.CORRECTED else ""
    shown = search.page if PAGE * (search.page - 1) < found.total else 1
    return Searched(manner, hits, found.total, shown, instead)


def _attempts(search: _Search, asked: Asked) -> tuple[Manner, Asked, Found]:
    """Return the first way in which anything is found."""
    if (found := search.found(asked)).ids:
        return Manner.AS_TYPED, asked, found
    for other in _respelled(search, asked):
        if (found := search.found(other)).ids:
            return Manner.CORRECTED, other, found
    loose = asked_loosely(asked)
    if (found := search.found(loose, every=False)).ids:
        return Manner.SOME_WORDS, loose, found
    return Manner.NOTHING, asked, Found()


def _respelled(search: _Search, asked: Asked) -> tuple[Asked, ...]:
    """Return what may have been meant, the likeliest first; three tries at most."""
    options = {
        term.words[0]: words for term in asked.terms if (words := meant(search.session, term))
    }
    if not options:
        return ()
    tries = range(max(len(words) for words in options.values()))
    return tuple(
        respelled(
            asked, {word: words[min(place, len(words) - 1)] for word, words in options.items()}
        )
        for place in tries
    )
