"""Lists a page at a time; a cursor names the last item, so that new rows shift nothing."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.models import Host, Livestream
from catalog.queries.filters import NO_FILTERS, Filters, conditions_of
from catalog.queries.hosts import host_known_to
from catalog.queries.views import (
    HOST_COLUMNS,
    LIVESTREAMS,
    HostView,
    LivestreamView,
    host_view,
    livestream_views,
)
from catalog.queries.visibility import known_to
from catalog.rules import is_id
from core.clock import as_utc
from core.errors import FieldError, InvalidInput, NotFound, _

NO_CURSOR: Final = _("This is no cursor of this list.")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the cursor of the next, if there is one."""

    items: tuple[LivestreamView, ...] = ()
    next_cursor: str | None = None


def list_hosts(
    session: Session,
    *,
    cursor: str | None = None,
    limit: int = 100,
    verified_at: datetime | None = None,
    actor: Actor | None = None,
) -> tuple[HostView, ...]:
    """Return up to ``limit`` hosts after the host with the id ``cursor``, by id.

    With ``verified_at``, only those whose licence is verified then; with ``actor``, only those of
    whom the actor may know.
    """
    statement = select(*HOST_COLUMNS).where(Host.id > (cursor or "")).order_by(Host.id).limit(limit)
    if actor is not None:
        statement = statement.where(host_known_to(actor))
    if verified_at is not None:
        statement = statement.where(Host.verified_until > verified_at)
    return tuple(host_view(row) for row in session.execute(statement))


def one_host(session: Session, *, host_id: str, actor: Actor | None = None) -> HostView:
    """Return one host.

    Raises:
        NotFound: There is no such host, or the ``actor`` may not know of them.
    """
    known = select(*HOST_COLUMNS).where(Host.id == host_id)
    if actor is not None:
        known = known.where(host_known_to(actor))
    row = session.execute(known).one_or_none() if is_id(host_id) else None
    if row is None:
        raise NotFound
    return host_view(row)


def list_livestreams(
    session: Session,
    *,
    actor: Actor,
    filters: Filters = NO_FILTERS,
    also: ColumnElement[bool] | None = None,
    cursor: str | None = None,
    limit: int = 24,
) -> Page:
    """Return livestreams that the actor may know of, by start; ``cursor`` from the page before.

    ``also`` is one more condition on them, for example that of a search.

    Raises:
        InvalidInput: The cursor is not one of this list.
    """
    more = () if also is None else (also,)
    statement = LIVESTREAMS.where(known_to(actor), *conditions_of(filters), *more)
    place = tuple_(Livestream.starts_at, Livestream.id)
    if cursor:
        after = _after(cursor)
        statement = statement.where(place < after if filters.newest_first else place > after)
    order = [Livestream.starts_at, Livestream.id]
    by_start = [column.desc() for column in order] if filters.newest_first else order
    statement = statement.order_by(*by_start).limit(limit + 1)
    items = livestream_views(session, session.execute(statement).all())
    if len(items) <= limit:
        return Page(items)
    return Page(items[:limit], cursor_of(items[limit - 1]))


def livestream_view(session: Session, *, livestream_id: str) -> LivestreamView | None:
    """Return one livestream whoever asks; :mod:`catalog.access` decides who may."""
    rows = session.execute(LIVESTREAMS.where(Livestream.id == livestream_id)).all()
    return next(iter(livestream_views(session, rows)), None)


def cursor_of(last: LivestreamView) -> str:
    """Return the cursor of what comes after a livestream in a list."""
    plain = f"{last.starts_at.isoformat()} {last.id}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _after(cursor: str) -> tuple[datetime, str]:
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        moment, livestream_id = plain.split(" ")
        after = as_utc(datetime.fromisoformat(moment)), livestream_id
    except (ValueError, OverflowError, binascii.Error):
        raise InvalidInput(FieldError("cursor", NO_CURSOR)) from None
    if not is_id(livestream_id):
        raise InvalidInput(FieldError("cursor", NO_CURSOR))
    return after
