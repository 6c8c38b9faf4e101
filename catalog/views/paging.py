"""Newest first, a page at a time, with ways to what is older and newer that stay valid."""

from dataclasses import dataclass, replace

from flask import request

from accounts.rules import Actor
from catalog.queries import Filters, LivestreamView, cursor_of, list_livestreams
from catalog.views.blueprint import database


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list; a cursor is None where there is nothing in that direction."""

    items: tuple[LivestreamView, ...]
    older: str | None
    newer: str | None


def shown_page(actor: Actor, filters: Filters, *, limit: int) -> Shown:
    """Return the page that the address asks for by ``older`` or ``newer``, else the newest.

    Raises:
        InvalidInput: The cursor in the address is none.
    """
    newer = request.args.get("newer", "")
    if newer:
        return _newer_than(newer, actor, filters, limit)
    older = request.args.get("older", "")
    back = replace(filters, newest_first=True)
    page = list_livestreams(database(), actor=actor, filters=back, cursor=older, limit=limit)
    return Shown(
        page.items, page.next_cursor, cursor_of(page.items[0]) if older and page.items else None
    )


def _newer_than(cursor: str, actor: Actor, filters: Filters, limit: int) -> Shown:
    page = list_livestreams(database(), actor=actor, filters=filters, cursor=cursor, limit=limit)
    items = page.items[::-1]
    if not items:
        return Shown((), None, None)
    return Shown(items, cursor_of(items[-1]), cursor_of(items[0]) if page.next_cursor else None)
