"""Which replays of a topic somebody new to it may begin with, in order."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from catalog.queries.belonging import is_about
from catalog.queries.views import LIVESTREAMS, LivestreamView, livestream_views
from catalog.queries.visibility import known_of_announced
from catalog.rules import First, first_steps

LOOKED_AT: Final = 100
"""The newest replays of a topic among which the first ones are chosen."""
STEPS: Final = 4
LEAST: Final = 2
"""One talk is no order."""


def for_beginners(
    session: Session, *, topic: str, actor: Actor, language: str, chosen: Sequence[str] = ()
) -> tuple[LivestreamView, ...]:
    """Return what to begin with: what editors chose as far as it can be watched, else by rule."""
    watchable = (
        Livestream.state == L.PUBLISHED,
        Livestream.withheld_at.is_(None),
        known_of_announced(actor),
    )
    ids = tuple(chosen) or _by_rule(session, topic, language, watchable)
    rows = session.execute(LIVESTREAMS.where(Livestream.id.in_(ids), *watchable)).all()
    views = {view.id: view for view in livestream_views(session, rows)}
    found = tuple(views[one] for one in dict.fromkeys(ids) if one in views)
    if chosen and not found:  # what was chosen is gone
        return for_beginners(session, topic=topic, actor=actor, language=language)
    return found if len(found) >= LEAST or chosen else ()


def _by_rule(
    session: Session, topic: str, language: str, watchable: tuple[ColumnElement[bool], ...]
) -> tuple[str, ...]:
    columns = (
        Livestream.id,
        Livestream.language,
        Livestream.scope,
        Livestream.starts_at,
        Livestream.ends_at,
        Livestream.started_at,
        Livestream.ended_at,
    )
    newest = (
        select(*columns)
        .where(is_about(topic), *watchable)
        .order_by(Livestream.starts_at.desc(), Livestream.id)
        .limit(LOOKED_AT)
    )
    rows = session.execute(newest)
    known = [
        First(
            row.id,
            row.language,
            row.scope,
            (row.ended_at - row.started_at)
            if row.started_at and row.ended_at
            else (row.ends_at - row.starts_at),
        )
        for row in rows
    ]
    return first_steps(known, language=language, most=STEPS)
