"""What the clients left behind, read without the cells that were to prevent it."""

from collections import defaultdict
from itertools import pairwise

from sqlalchemy import func, select

from core.database import make_engine
from scheduler.grid.rules import STANDING
from scheduler.models import Reservation, ReservedResource
from scheduler.spans import Span


def stored_overlaps(url: str) -> int:
    """Return how many standing reservations share time, buffers included, with the next one."""
    spans: dict[str, list[Span]] = defaultdict(list)
    engine = make_engine(url)
    statement = (
        select(ReservedResource.resource_id, Reservation)
        .join(Reservation, Reservation.id == ReservedResource.reservation_id)
        .where(Reservation.state.in_(STANDING))
        .with_only_columns(
            ReservedResource.resource_id,
            Reservation.starts_at,
            Reservation.ends_at,
            Reservation.buffer_before,
            Reservation.buffer_after,
        )
    )
    with engine.connect() as connection:
        for resource_id, starts_at, ends_at, before, after in connection.execute(statement):
            spans[resource_id].append(Span(starts_at, ends_at).widened(before, after))
    engine.dispose()
    return sum(
        one.overlaps(other) for taken in spans.values() for one, other in pairwise(sorted(taken))
    )


def stored_reservations(url: str) -> int:
    """Return how many reservations stand."""
    engine = make_engine(url)
    with engine.connect() as connection:
        standing = select(func.count()).where(Reservation.state.in_(STANDING))
        found: int = connection.execute(standing).scalar_one()
    engine.dispose()
    return found
