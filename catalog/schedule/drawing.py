"""Rows of the schedule as markup, five hundred in two milliseconds.

What looks the same on many rows (a mark, a host, a badge) is drawn by a macro of the template once
per distinct value and kept for the page; a row then only puts texts together. Titles are the one
thing that differs on each row, and are escaped here.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from catalog.enums import LivestreamState, Visibility
from catalog.schedule.queries import in_order
from catalog.schedule.rows import Talk

CLOCK: Final = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))
"""Every wall time of a day, because making one costs more than looking it up."""
UNREMARKABLE: Final = (LivestreamState.SCHEDULED, Visibility.PUBLIC)
"""What needs no badge."""

Macro = Callable[..., str]


@lru_cache(maxsize=4096)
def _escaped(title: str | None) -> str:
    """Return a title as it stands in markup; the same ones come with every drawing."""
    return str(escape(title))


class Kept(dict[str | int | tuple[str | None, ...] | None, str]):
    """Markup by what it shows; each is drawn when it is first asked for."""

    def __init__(self, draw: Callable[..., str]) -> None:
        super().__init__()
        self._draw = draw

    def __missing__(self, shown: str | int | tuple[str | None, ...] | None) -> str:
        """Draw it and keep it."""
        made = self[shown] = str(self._draw(shown))
        return made


class Rows:
    """The rows of one page.

    Args:
        watch_base: The address of a livestream, without its id.
        other_language: The language of titles that do not exist in that of the page.
        length: Draws the minutes that a talk lasts.
        mark: Draws the mark of a topic by its slug, which may be empty.
        host: Draws a host by id; without one, that another host is being found.
        topics: Draws the names of topics by their slugs, each an argument.
        languages: Draws the language that is spoken and, as further arguments, those of captions.
        badge: Draws a state and whether the talk is private.
        now_line: The line between what is past and what comes.
    """

    def __init__(  # noqa: PLR0913 -- one per macro of the template
        self,
        *,
        watch_base: str,
        other_language: str,
        length: Macro,
        mark: Macro,
        host: Macro,
        topics: Macro,
        languages: Macro,
        badge: Macro,
        now_line: str,
    ) -> None:
        self._watch_base = watch_base
        self._other_language = f' lang="{other_language}"'
        self._now_line = now_line
        self._lengths, self._hosts = Kept(length), Kept(host)
        self._marks = Kept(lambda places: mark("".join(in_order(places)[:1])))
        self._topics = Kept(lambda places: topics(*in_order(places)))
        self._languages = Kept(lambda tags: languages(tags[0], *sorted((tags[1] or "").split())))
        self._badges = Kept(lambda key: badge(key[0], key[1] == Visibility.ORGANISATION))
        self._badges[UNREMARKABLE] = ""

    def draw(self, talks: Iterable[Talk]) -> Markup:
        """Return the items of a list of talks."""
        return Markup("\n".join([self._row(talk) for talk in talks]))  # noqa: S704 -- see _row

    def _row(self, talk: Talk) -> str:
        """Return one item: markup of macros, our own identifiers, and the title, escaped."""
        entry, local = talk.entry, talk.local
        title, other = (
            (entry.title, "") if entry.title else (entry.other_title, self._other_language)
        )
        host = self._hosts[None if entry.wants_host else entry.host_id]
        return (
            f'{self._now_line if talk.comes_next else ""}<li class="talk talk--{entry.state}">'
            f'<p class="talk__when"><time datetime="{local.isoformat()}">'
            f"{CLOCK[local.hour * 60 + local.minute]}</time>"
            f"{self._lengths[(entry.ends - entry.starts) // 60]}</p>{self._marks[entry.topics]}"
            f'<div class="talk__main"><h3 class="talk__title"{other}>'
            f'<a href="{self._watch_base}{entry.id}">{_escaped(title)}</a></h3><p class="meta">'
            f"{host}{self._topics[entry.topics]}"
            f"{self._languages[entry.language, entry.captions]}</p></div>"
            f"{self._badges[entry.state, entry.visibility]}</li>"
        )
