"""The rota: coming livestreams with their moderators, some hundred at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.enums import RiskLevel
from catalog.models import Host, Livestream, LivestreamTopic, Topic
from catalog.queries.texts import as_text, words_of
from core.words import Words
from scheduler.duties.queries.duties import name_of_user
from scheduler.duties.rules import NEEDED, STAFFED, STANDING
from scheduler.models import Duty
from scheduler.models.duties import STANDING as STANDING_TEXT
from scheduler.spans import Span

MOST: Final = 200


class OnDuty(NamedTuple):
    """Somebody who moderates."""

    duty_id: str
    moderator_id: str
    name: str
    state: str


class RotaRow(NamedTuple):
    """A livestream and who moderates it."""

    id: str
    titles: Words
    language: str
    host_names: Words
    starts_at: datetime
    ends_at: datetime
    state: str
    needed: int
    on_duty: Sequence[OnDuty]

    @property
    def missing(self) -> int:
        """How many moderators are still needed."""
        return max(0, self.needed - len(self.on_duty))


@dataclass(frozen=True, slots=True)
class Rota:
    """The livestreams of some days, and whether there were more than :data:`MOST`."""

    rows: Sequence[RotaRow]
    is_cut: bool = False


def needed_by() -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return how many moderators a livestream needs, in SQL; a test holds it to the rule."""
    return case((_is_raised(), NEEDED[RiskLevel.RAISED]), else_=NEEDED[RiskLevel.ORDINARY])


def lacks_moderators() -> ColumnElement[bool]:
    """Return whether a livestream has fewer moderators than it needs, the quick look first."""
    somebody = exists().where(Duty.livestream_id == Livestream.id, STANDING_TEXT)
    return or_(~somebody, and_(_is_raised(), standing_count() < NEEDED[RiskLevel.RAISED]))


def standing_count() -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return how many moderators a livestream has, in SQL; the partial index answers it."""
    return (
        select(func.count())
        .select_from(Duty)
        .where(Duty.livestream_id == Livestream.id, STANDING_TEXT)
        .scalar_subquery()
    )


def _is_raised() -> ColumnElement[bool]:
    raised = select(Topic.slug).where(Topic.risk == RiskLevel.RAISED)
    return exists().where(
        LivestreamTopic.livestream_id == Livestream.id, LivestreamTopic.topic_slug.in_(raised)
    )


def rota_of(session: Session, *, span: Span, now: datetime, only_gaps: bool = False) -> Rota:
    """Return what begins within a span and is not over, by start."""
    statement = (
        _ROWS.where(Livestream.starts_at >= span.starts_at, Livestream.starts_at < span.ends_at)
        .where(Livestream.ends_at > now, Livestream.state.in_(STAFFED))
        .order_by(Livestream.starts_at, Livestream.id)
        .limit(MOST + 1)
    )
    if only_gaps:
        statement = statement.where(lacks_moderators())
    rows = session.execute(statement).all()
    return Rota(_with_people(session, rows[:MOST]), len(rows) > MOST)


def rota_row(session: Session, *, livestream_id: str) -> RotaRow | None:
    """Return one livestream and who moderates it."""
    rows = session.execute(_ROWS.where(Livestream.id == livestream_id)).all()
    return next(iter(_with_people(session, rows)), None)


_ROWS: Final[Select[*tuple[Any, ...]]] = select(
    Livestream.id,
    as_text(Livestream.titles),
    Livestream.language,
    as_text(Host.names),
    Livestream.starts_at,
    Livestream.ends_at,
    Livestream.state,
    needed_by().label("needed"),
).join(Host, Host.id == Livestream.host_id)


def _with_people(session: Session, rows: Sequence[Any]) -> list[RotaRow]:
    on_duty = on_duty_for(session, [row.id for row in rows])
    return [
        RotaRow(
            row.id,
            words_of(row.titles),
            row.language,
            words_of(row.names),
            row.starts_at,
            row.ends_at,
            row.state,
            row.needed,
            on_duty.get(row.id, ()),
        )
        for row in rows
    ]


def on_duty_for(session: Session, livestream_ids: Iterable[str]) -> Mapping[str, Sequence[OnDuty]]:
    """Return who moderates each of these livestreams, in the order of assignment."""
    rows = session.connection().execute(
        select(Duty.livestream_id, Duty.id, Duty.moderator_id, name_of_user(), Duty.state)
        .join(User, User.id == Duty.moderator_id)
        .where(Duty.livestream_id.in_(list(livestream_ids)), Duty.state.in_(STANDING))
        .order_by(Duty.created_at, Duty.id)
    )
    found: defaultdict[str, list[OnDuty]] = defaultdict(list)
    for livestream_id, *person in rows:
        found[livestream_id].append(OnDuty._make(person))
    return found
