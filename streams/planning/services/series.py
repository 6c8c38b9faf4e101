"""A series is confirmed whole or not at all."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.models import Livestream, Series, SeriesMember
from catalog.queries import known_to_draft
from catalog.rules import as_words, draft_faults
from core.errors import FieldError, InvalidInput, NotFound, _
from core.ids import new_id
from scheduler.errors import Taken
from scheduler.recurrences.rules import Terms, rule_faults
from scheduler.recurrences.services import record_occurrences, record_recurrence
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.errors import DatesInTheWay
from streams.planning.queries.dates import look_at_dates
from streams.planning.rules.dates import Asked, Judged
from streams.planning.rules.series import SeriesPlan, asked_dates, draft_for

NOTHING_LEFT = _("Keep at least one date.")


def try_series(
    session: Session, *, actor: Actor, plan: SeriesPlan, now: datetime
) -> tuple[Judged, ...]:
    """Return what would become of each date of a plan; nothing is written.

    Raises:
        InvalidInput: The plan itself has faults, each beside its field.
    """
    _check_rule(plan)
    judged = look_at_dates(
        session, asked=asked_dates(plan), host_id=plan.host_id, actor=actor, now=now
    )
    _check_words(session, plan, judged, now)
    return judged


def confirm_series(
    session: Session,
    *,
    actor: Actor,
    plan: SeriesPlan,
    window_seconds: int,
    data_key: str,
    now: datetime,
) -> Series:
    """Make all livestreams of a plan, proposed by a host or scheduled by the staff, or none.

    Raises:
        InvalidInput: The plan itself has faults.
        DatesInTheWay: Some dates are not to be had; each is named with its reason.
        NotAllowed: The actor may not create livestreams for this host.
        BeyondScope: The host's profession does not teach this.
    """
    judged = try_series(session, actor=actor, plan=plan, now=now)
    refuse_unless_free(judged)
    kept = [
        (one.asked, one.asked.span)
        for one in judged
        if one.asked.span is not None and not one.asked.is_left_out
    ]
    if not kept:
        raise InvalidInput(FieldError("dates", NOTHING_LEFT))
    try:
        with session.begin_nested():
            return _made(session, actor, plan, kept, window_seconds, data_key, now)
    except Taken:  # a rival was quicker: look again, and say which dates are gone
        refuse_unless_free(try_series(session, actor=actor, plan=plan, now=now))
        raise


def refuse_unless_free(judged: Sequence[Judged]) -> None:
    """Refuse all dates when one of those wanted is not to be had.

    Raises:
        DatesInTheWay: Each such date is named with its reason.
    """
    blocked = [one for one in judged if one.stands_in_the_way]
    if blocked:
        reasons = [(one.asked.key, one.verdict) for one in blocked]
        free = blocked[0].alternatives if len(blocked) == 1 else ()
        raise DatesInTheWay(judged, reasons, free)


def _made(
    session: Session,
    actor: Actor,
    plan: SeriesPlan,
    kept: Sequence[tuple[Asked, Span]],
    window_seconds: int,
    data_key: str,
    now: datetime,
) -> Series:
    series = _series_for(session, plan, now)
    terms = Terms(plan.rule, plan.minutes, plan.host_id)
    recurrence = record_recurrence(
        session, series_id=series.id, terms=terms, by=actor.user_id, now=now
    )
    first = _next_position(session, series.id)
    originals, changed = {}, set()
    for position, (asked, span) in enumerate(kept, start=first):
        livestream = life.create_livestream(
            session,
            actor=actor,
            draft=draft_for(plan, span, position + 1),
            window_seconds=window_seconds,
            data_key=data_key,
            now=now,
        )
        _hand_on(session, actor, livestream, now)
        session.add(
            SeriesMember(livestream_id=livestream.id, series_id=series.id, position=position)
        )
        originals[livestream.id] = asked.reading.wall
        if asked.is_moved:
            changed.add(livestream.id)
    record_occurrences(session, recurrence_id=recurrence.id, originals=originals, changed=changed)
    record_audit(
        session,
        actor_id=actor.user_id,
        act="series.confirm",
        subject_kind="series",
        subject_id=series.id,
        now=now,
        details={"host": plan.host_id, "livestreams": len(kept)},
    )
    return series


def _hand_on(session: Session, actor: Actor, livestream: Livestream, now: datetime) -> None:
    act = life.schedule if actor.is_staff else life.propose
    act(session, livestream=livestream, now=now)


def _series_for(session: Session, plan: SeriesPlan, now: datetime) -> Series:
    if plan.series_id is not None:
        found = session.get(Series, plan.series_id)
        if found is None:
            raise NotFound
        return found
    series = Series(
        id=new_id(),
        titles=as_words(plan.titles, plan.language),
        descriptions=as_words(plan.descriptions, plan.language),
        created_at=now,
        updated_at=now,
    )
    session.add(series)
    session.flush()
    return series


def _next_position(session: Session, series_id: str) -> int:
    last = select(func.max(SeriesMember.position)).where(SeriesMember.series_id == series_id)
    found = session.scalar(last)
    return 0 if found is None else found + 1


def _check_rule(plan: SeriesPlan) -> None:
    faults = rule_faults(plan.rule)
    if faults:
        raise InvalidInput(*faults)


def _check_words(
    session: Session, plan: SeriesPlan, judged: Sequence[Judged], now: datetime
) -> None:
    """Check what all livestreams have in common, by the draft of one of them."""
    span = next((one.asked.span for one in judged if one.asked.span), Span(now, now))
    draft = draft_for(plan, span, len(judged))
    faults = draft_faults(draft, known_to_draft(session, draft))
    if faults:
        raise InvalidInput(*faults)
