"""This, the following or all livestreams of a recurrence are changed or cancelled: all or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.models import Host
from catalog.rules import is_id, is_verified
from core.errors import FieldError, InvalidInput, NotAllowed, WrongState, _
from scheduler.errors import NotVerified, Taken
from scheduler.models import Recurrence
from scheduler.recurrences.queries import Member, size_of, terms_of
from scheduler.recurrences.rules import STEP, Terms, meant_wall, rule_faults
from scheduler.recurrences.services import change_terms, mark_changed, shorten, split
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.enums import Reach
from streams.planning.queries.dates import look_at_dates, others_of
from streams.planning.rules.changes import Edit, SeriesChange, changed_terms, edits_for, reached
from streams.planning.rules.dates import Asked, Judged
from streams.planning.rules.moving import is_too_late
from streams.planning.services.moving import change_agreed
from streams.planning.services.series import refuse_unless_free

LONGEST = 480
NO_HOST = _("There is no such host.")


def try_change(
    session: Session,
    *,
    actor: Actor,
    recurrence: Recurrence,
    members: Sequence[Member],
    livestream_id: str,
    change: SeriesChange,
    now: datetime,
) -> tuple[Judged, ...]:
    """Return what would become of each livestream that a change is about; nothing is written.

    Raises:
        WrongState: None of them is to come.
        InvalidInput: The change itself has faults.
        NotAllowed: Host and topics are changed by the staff alone.
        NotVerified: The licence of the new host is not valid.
    """
    edits = _edits(session, actor, recurrence, members, livestream_id, change, now)
    return _judged(session, actor, edits, change, now)


def change_series(
    session: Session,
    *,
    actor: Actor,
    recurrence: Recurrence,
    members: Sequence[Member],
    livestream_id: str,
    change: SeriesChange,
    now: datetime,
) -> tuple[Judged, ...]:
    """Write a change to all livestreams that it is about, or to none.

    The following ones go on under a rule of their own; the wall time that a rule once meant stays.

    Raises:
        DatesInTheWay: Some are not to be had at the new time; each is named with its reason.
        WrongState, InvalidInput, NotAllowed: As :func:`try_change`.
    """
    edits = _edits(session, actor, recurrence, members, livestream_id, change, now)
    judged = _judged(session, actor, edits, change, now)
    refuse_unless_free(judged)
    kept = [one for one in edits if one.member.livestream.id not in change.left_out]
    try:
        with session.begin_nested():
            _write(session, actor, kept, now)
            _write_rule(session, actor, recurrence, members, livestream_id, kept, change, now)
    except Taken:
        refuse_unless_free(_judged(session, actor, edits, change, now))
        raise
    _record(session, actor, recurrence, "series.change", change.reach, len(kept), now)
    return judged


def cancel_series(
    session: Session,
    *,
    actor: Actor,
    recurrence: Recurrence,
    members: Sequence[Member],
    livestream_id: str,
    reach: Reach,
    now: datetime,
) -> int:
    """Call off this, the following or all livestreams that have not started; return how many.

    Raises:
        WrongState: None of them is to come.
    """
    chosen = reached(members, livestream_id, reach, now)
    if not chosen:
        raise WrongState
    with session.begin_nested():
        for one in chosen:
            life.cancel(session, livestream=one.livestream, now=now)
        if reach is Reach.FOLLOWING:
            left = recurrence.times - len(chosen)
            shorten(session, recurrence=recurrence, times=left, now=now)
    _record(session, actor, recurrence, "series.cancel", reach, len(chosen), now)
    return len(chosen)


def _edits(
    session: Session,
    actor: Actor,
    recurrence: Recurrence,
    members: Sequence[Member],
    livestream_id: str,
    change: SeriesChange,
    now: datetime,
) -> tuple[Edit, ...]:
    if not actor.is_staff and (change.host_id is not None or change.topics is not None):
        raise NotAllowed
    if change.host_id is not None:
        _check_host(session, change.host_id, now)
    terms = terms_of(recurrence)
    _check(terms, change)
    chosen = reached(members, livestream_id, change.reach, now)
    if not chosen:
        raise WrongState
    return edits_for(chosen, terms, change)


def _check_host(session: Session, host_id: str, now: datetime) -> None:
    host = session.get(Host, host_id) if is_id(host_id) else None
    if host is None:
        raise InvalidInput(FieldError("host", NO_HOST))
    if not is_verified(host.verified_until, now):
        raise NotVerified


def _check(terms: Terms, change: SeriesChange) -> None:
    after = changed_terms(terms, change)
    faults = [fault for fault in rule_faults(after.rule) if fault.field == "time"]
    if after.minutes % STEP or not STEP <= after.minutes <= LONGEST:
        faults.append(FieldError("minutes", _("5 minutes to 8 hours, in steps of 5.")))
    if change.titles is not None and not change.titles:
        faults.append(FieldError("title", _("Write a title in at least one language.")))
    if faults:
        raise InvalidInput(*faults)


def _judged(
    session: Session,
    actor: Actor,
    edits: Sequence[Edit],
    change: SeriesChange,
    now: datetime,
) -> tuple[Judged, ...]:
    host_id = change.host_id or edits[0].member.livestream.host_id
    others = others_of(session, livestream_ids=[one.member.livestream.id for one in edits])
    asked = [_asked(one, others, actor, change, now) for one in edits]
    return look_at_dates(session, asked=asked, host_id=host_id, actor=actor, now=now)


def _asked(
    one: Edit,
    others: dict[str, tuple[str, ...]],
    actor: Actor,
    change: SeriesChange,
    now: datetime,
) -> Asked:
    livestream = one.member.livestream
    host_id = one.words.get("host_id", livestream.host_id)
    moves = one.span != Span(livestream.starts_at, livestream.ends_at)
    late = is_too_late(
        state=livestream.state, starts_at=livestream.starts_at, is_staff=actor.is_staff, now=now
    )
    is_left_out = livestream.id in change.left_out
    stays = Span(livestream.starts_at, livestream.ends_at)
    return Asked(
        key=livestream.id,
        reading=one.reading,
        span=stays if is_left_out else one.span,
        resources=(host_id, *others.get(livestream.id, ())),
        is_moved=one.is_moved,
        is_left_out=is_left_out,
        is_late=late and moves,
        livestream_id=livestream.id,
    )


def _write(session: Session, actor: Actor, edits: Sequence[Edit], now: datetime) -> None:
    """Write the later ones first when they move on, so that none is in another's way."""
    ordered = sorted(edits, key=lambda one: one.member.livestream.starts_at)
    if _goes_on(ordered):
        ordered.reverse()
    for one in ordered:
        livestream = one.member.livestream
        changes = dict(one.words)
        if one.span is not None and one.span != Span(livestream.starts_at, livestream.ends_at):
            changes |= {"starts_at": one.span.starts_at, "ends_at": one.span.ends_at}
            change_agreed(session, actor=actor, livestream=livestream, changes=changes, now=now)
        elif changes:
            life.edit_livestream(
                session, actor=actor, livestream=livestream, changes=changes, now=now
            )


def _goes_on(ordered: Sequence[Edit]) -> bool:
    last = ordered[-1] if ordered else None
    return (
        last is not None
        and last.span is not None
        and last.span.ends_at > last.member.livestream.ends_at
    )


def _write_rule(
    session: Session,
    actor: Actor,
    recurrence: Recurrence,
    members: Sequence[Member],
    livestream_id: str,
    kept: Sequence[Edit],
    change: SeriesChange,
    now: datetime,
) -> None:
    ids = {one.livestream.id for one in members}
    here = next(one for one in members if one.livestream.id == livestream_id)
    if change.reach is Reach.THIS:
        mark_changed(session, livestream_ids=[livestream_id], is_changed=True)
        return
    if change.also_special:
        alike = [one.member.livestream.id for one in kept]
        mark_changed(session, livestream_ids=alike, is_changed=False)
    special = ids & {*change.moved, *change.left_out}
    mark_changed(session, livestream_ids=special, is_changed=True)
    meant = [one for one in members if change.reach is Reach.ALL or one.original >= here.original]
    if len(meant) == size_of(session, recurrence_id=recurrence.id):
        terms = _terms_from(recurrence, meant, change, recurrence.times)
        change_terms(session, recurrence=recurrence, terms=terms, now=now)
        return
    split(
        session,
        recurrence=recurrence,
        terms=_terms_from(recurrence, meant, change, len(meant)),
        following=meant,
        by=actor.user_id,
        now=now,
    )


def _terms_from(
    recurrence: Recurrence, members: Sequence[Member], change: SeriesChange, times: int
) -> Terms:
    """Return the terms after a change, with the day on which they begin."""
    terms = changed_terms(terms_of(recurrence), change)
    first = meant_wall(terms.rule, members[0].original).date()
    return replace(terms, rule=replace(terms.rule, starts_on=first, times=times))


def _record(
    session: Session,
    actor: Actor,
    recurrence: Recurrence,
    act: str,
    reach: Reach,
    livestreams: int,
    now: datetime,
) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind="series",
        subject_id=recurrence.series_id,
        now=now,
        details={"reach": reach.value, "livestreams": livestreams},
    )
