"""Rows of the board as markup: what looks the same on many rows is drawn once and kept.

As in :mod:`catalog.schedule.drawing`; titles and names, which differ, are escaped here.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from catalog.schedule.drawing import CLOCK, Kept
from catalog.schedule.queries import in_order
from scheduler.board.queries import Board
from scheduler.board.rules.problems import TAKES_TIME, Entry, is_searching, problems_of

Macro = Callable[..., str]


class Rows:
    """The rows of one page.

    Args:
        board: What the page shows.
        now: What is past and what comes.
        other_language: The language of titles that do not exist in that of the page.
        desk: The address of a livestream's desk, with ``0`` in place of its id.
        people: The address of its moderators, likewise.
        mark: Draws the mark of a topic by its slug, which may be empty.
        host: Draws a host by names, whether verified at present, and whether made up.
        spoken: Draws a language.
        badge: Draws a state and whether the livestream is private.
        flags: Draws problems by their kinds, and whether another host is looked for.
        moderators: Draws how many moderators of how many.
        room: Draws a room by id.
        slot: Draws an open slot with its local times.
        hold: Draws a hold with its local times.
    """

    def __init__(  # noqa: PLR0913 -- one per macro of the template
        self,
        *,
        board: Board,
        now: datetime,
        other_language: str,
        desk: str,
        people: str,
        mark: Macro,
        host: Macro,
        spoken: Macro,
        badge: Macro,
        flags: Macro,
        moderators: Macro,
        room: Macro,
        slot: Macro,
        hold: Macro,
    ) -> None:
        self._board, self._now, self._seconds = board, now, now.timestamp()
        self._other_language = f' lang="{other_language}"'
        self._desk, self._people = desk.split("0", 1), people.split("0", 1)
        self._marks = Kept(lambda places: mark("".join(in_order(places)[:1])))
        self._hosts: dict[tuple[Any, ...], str] = {}
        self._host = host
        self._spoken, self._rooms = Kept(spoken), Kept(room)
        self._badges = Kept(lambda key: badge(*key))
        self._flags = Kept(lambda key: flags(*key))
        self._moderators: dict[tuple[int, int], str] = {}
        self._moderator_macro = moderators
        self._others: dict[str, Macro] = {"slot": slot, "hold": hold}

    def draw(self, rows: Iterable[tuple[datetime, str, Any]]) -> Markup:
        """Return the items of a list."""
        drawn = (
            self._row(local, one)
            if kind == "livestream"
            else str(self._others[kind](one, local, local + (one.ends_at - one.starts_at)))
            for local, kind, one in rows
        )
        return Markup("\n".join(drawn))  # noqa: S704 -- see _row

    def _row(self, local: datetime, entry: Entry) -> str:
        """Return one item: markup of macros, our own identifiers, and texts, escaped."""
        title, other = (
            (entry.title, "") if entry.title else (entry.other_title, self._other_language)
        )
        return (
            f'<li class="talk board-row talk--{entry.state}"><p class="talk__when">'
            f'<time datetime="{local.isoformat()}">{_clock(local)}</time>'
            f'<span class="meta">&ndash;{_clock(local, entry.ends - entry.starts)}</span></p>'
            f'{self._marks[entry.topics]}<div class="talk__main"><h3 class="talk__title"{other}>'
            f'<a href="{self._desk[0]}{entry.id}{self._desk[1]}">{escape(title or "")}</a></h3>'
            f'<p class="meta">{self._host_of(entry)}{self._spoken[entry.language]}'
            f"{self._room_of(entry)}{self._moderators_of(entry)}</p>"
            f"{self._flags[self._wrong(entry)]}</div>"
            f"{self._badges[entry.state, entry.visibility]}</li>"
        )

    def _host_of(self, entry: Entry) -> str:
        is_verified = entry.verified_until is not None and entry.verified_until > self._seconds
        key = (entry.host, is_verified, entry.is_example)
        if key not in self._hosts:
            self._hosts[key] = str(self._host(*key))
        return self._hosts[key]

    def _room_of(self, entry: Entry) -> str:
        room_id = self._board.room_of.get(entry.id)
        return self._rooms[room_id] if room_id else ""

    def _moderators_of(self, entry: Entry) -> str:
        people = self._board.on_duty.get(entry.id, ())
        if not people and (entry.state not in TAKES_TIME or entry.ends <= self._seconds):
            return ""
        key = (len(people), entry.needed)
        if key not in self._moderators:
            self._moderators[key] = str(self._moderator_macro(*key, before_names=bool(people)))
        names = ", ".join(str(escape(one.name)) for one in people)
        return (
            f'<a class="sep" href="{self._people[0]}{entry.id}{self._people[1]}">'
            f"{self._moderators[key]}{names}</a>"
        )

    def _wrong(self, entry: Entry) -> tuple[Any, ...]:
        if entry.state not in TAKES_TIME:
            return ((), False)
        return (problems_of(entry, self._now), is_searching(entry))


def _clock(local: datetime, seconds: int = 0) -> str:
    """Return hour and minute so many seconds later on the clock of the wall."""
    if not seconds:
        return CLOCK[local.hour * 60 + local.minute]
    later = datetime.fromtimestamp(local.timestamp() + seconds, local.tzinfo)
    return CLOCK[later.hour * 60 + later.minute]
