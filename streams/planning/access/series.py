"""Who plans, sees and changes a series."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from catalog.access import livestream_to_run
from catalog.models import Livestream, Series
from catalog.rules import is_id, may_run
from core.errors import FieldError, InvalidInput, NotAllowed, NotFound, SignInNeeded
from scheduler.models import Recurrence
from scheduler.recurrences.queries import (
    Member,
    members_of,
    recurrence_of,
    recurrences_of,
)
from streams.planning.enums import Reach
from streams.planning.rules.changes import SeriesChange
from streams.planning.rules.dates import Judged
from streams.planning.rules.series import SeriesPlan
from streams.planning.services import changes
from streams.planning.services import series as services
from streams.planning.services.changes import NO_HOST


def check_may_plan(actor: Actor) -> None:
    """Refuse who neither hosts nor runs livestreams.

    Raises:
        SignInNeeded: Nobody is signed in.
        NotAllowed: The actor is no host and none of the staff.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not (actor.is_staff or actor.has(Role.HOST)):
        raise NotAllowed


def dry_run(
    session: Session, *, actor: Actor, plan: SeriesPlan, now: datetime
) -> tuple[Judged, ...]:
    """Return what would become of each date; raises as :func:`check_may_plan` and the service."""
    _check_plan(session, actor, plan)
    return services.try_series(session, actor=actor, plan=plan, now=now)


def confirm(
    session: Session,
    *,
    actor: Actor,
    plan: SeriesPlan,
    window_seconds: int,
    data_key: str,
    now: datetime,
) -> Series:
    """Make a series on the actor's behalf; raises as :func:`check_may_plan` and the service."""
    _check_plan(session, actor, plan)
    return services.confirm_series(
        session,
        actor=actor,
        plan=plan,
        window_seconds=window_seconds,
        data_key=data_key,
        now=now,
    )


def series_to_run(
    session: Session, *, actor: Actor, series_id: str
) -> tuple[Series, Sequence[Recurrence]]:
    """Return a series made by a rule, with its rules, for its host and the staff.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        SignInNeeded: Nobody is signed in.
    """
    check_may_plan(actor)
    series = session.get(Series, series_id) if is_id(series_id) else None
    if series is None:
        raise NotFound
    recurrences = recurrences_of(session, series_id=series_id)
    is_own = any(one.host_id == actor.user_id for one in recurrences)
    if not (recurrences and (actor.is_staff or is_own)):
        raise NotFound
    return series, recurrences


def members_shown(
    session: Session, *, actor: Actor, recurrences: Sequence[Recurrence]
) -> tuple[Member, ...]:
    """Return those livestreams of a series that the actor runs, by start.

    The staff may have given some of them to another host.
    """
    members = members_of(session, recurrence_ids=[one.id for one in recurrences])
    own = [one for one in members if may_run(one.livestream, actor)]
    return tuple(sorted(own, key=lambda one: (one.livestream.starts_at, one.livestream.id)))


def member_to_run(
    session: Session, *, actor: Actor, livestream_id: str
) -> tuple[Livestream, Recurrence, tuple[Member, ...]]:
    """Return a livestream of a recurrence with those of it that the actor runs.

    The staff may have given some of them to another host, whose they are from then on.

    Raises:
        NotFound: The actor may not know of the livestream, or no rule made it.
        SignInNeeded, NotAllowed: The actor may know of it but not run it.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    recurrence = recurrence_of(session, livestream_id=livestream_id)
    if recurrence is None:
        raise NotFound
    members = members_of(session, recurrence_ids=[recurrence.id])
    return livestream, recurrence, tuple(one for one in members if may_run(one.livestream, actor))


def look_at_change(
    session: Session, *, actor: Actor, livestream_id: str, change: SeriesChange, now: datetime
) -> tuple[Judged, ...]:
    """Return what would become of each livestream; raises as :func:`member_to_run`, the service."""
    _, recurrence, members = member_to_run(session, actor=actor, livestream_id=livestream_id)
    return changes.try_change(
        session,
        actor=actor,
        recurrence=recurrence,
        members=members,
        livestream_id=livestream_id,
        change=change,
        now=now,
    )


def change(
    session: Session, *, actor: Actor, livestream_id: str, change: SeriesChange, now: datetime
) -> tuple[Judged, ...]:
    """Change this, the following or all; raises as :func:`member_to_run` and the service."""
    _, recurrence, members = member_to_run(session, actor=actor, livestream_id=livestream_id)
    return changes.change_series(
        session,
        actor=actor,
        recurrence=recurrence,
        members=members,
        livestream_id=livestream_id,
        change=change,
        now=now,
    )


def cancel(
    session: Session, *, actor: Actor, livestream_id: str, reach: Reach, now: datetime
) -> int:
    """Call off this, the following or all; raises as :func:`member_to_run` and the service."""
    _, recurrence, members = member_to_run(session, actor=actor, livestream_id=livestream_id)
    return changes.cancel_series(
        session,
        actor=actor,
        recurrence=recurrence,
        members=members,
        livestream_id=livestream_id,
        reach=reach,
        now=now,
    )


def series_to_add_to(session: Session, *, actor: Actor) -> Sequence[Series]:
    """Return the series that the actor may add livestreams to, the newest first."""
    ids = select(Recurrence.series_id)
    if not actor.is_staff:
        ids = ids.where(Recurrence.host_id == actor.user_id)
    found = select(Series).where(Series.id.in_(ids))
    return session.scalars(found.order_by(Series.created_at.desc(), Series.id).limit(100)).all()


def _check_plan(session: Session, actor: Actor, plan: SeriesPlan) -> None:
    check_may_plan(actor)
    if not actor.is_staff and plan.host_id != actor.user_id:
        raise NotAllowed
    if not is_id(plan.host_id):
        raise InvalidInput(FieldError("host", NO_HOST))
    if plan.series_id:
        series_to_run(session, actor=actor, series_id=plan.series_id)
