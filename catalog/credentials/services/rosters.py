"""Signed rosters: taken in, sampled, looked up, and approved by two people or refused."""

from datetime import datetime
from random import SystemRandom

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.credentials.enums import Outcome, RosterState
from catalog.credentials.errors import (
    BadRoster,
    CheckedAlready,
    NothingToCheck,
    SampleMissing,
    SecondPersonNeeded,
)
from catalog.credentials.models import Issuer, Roster, RosterEntry
from catalog.credentials.queries.verification_rosters import is_on_roster, sample_left
from catalog.credentials.rules.rosters import (
    Line,
    check_signature,
    digest_of,
    read_lines,
    sample_size,
)
from catalog.credentials.rules.verification import (
    TOO_LONG,
    check_may_verify,
    look_faults,
    reason_faults,
)
from catalog.credentials.services.admitting import admit
from catalog.credentials.services.noting import note_roster
from catalog.models import Topic
from core.errors import FieldError, InvalidInput, NotAllowed, NotFound, _
from core.ids import new_id
from core.sealing import seal

LONGEST_NAME = 120


def take_roster(
    session: Session,
    *,
    actor: Actor,
    issuer_id: str,
    name: str,
    data: bytes,
    signature: str,
    data_key: str,
    now: datetime,
) -> Roster:
    """Take a signed roster in, and choose by lot who of it is looked up.

    Raises:
        SignInNeeded, NotAllowed: The actor is none of the staff.
        NotFound: There is no such issuer.
        BadRoster: Signature, file or lines are wrong, or the file was handed in before.
    """
    check_may_verify(actor)
    issuer = session.get(Issuer, issuer_id)
    if issuer is None:
        raise NotFound
    if issuer.ended_at is not None:
        raise BadRoster(BadRoster.ended)
    check_signature(data, signature=signature, public_key=issuer.public_key)
    digest = digest_of(data)
    if session.scalar(select(Roster.id).where(Roster.sha256 == digest)) is not None:
        raise BadRoster(BadRoster.twice)
    if name and len(name) > LONGEST_NAME:
        raise InvalidInput(FieldError("name", TOO_LONG, {"longest": LONGEST_NAME}))
    topics = frozenset(session.scalars(select(Topic.slug)))
    lines = read_lines(data, topics=topics, today=now.date())
    roster = Roster(
        id=new_id(),
        issuer_id=issuer.id,
        name=name.strip() or issuer.name,
        sha256=digest,
        signature="".join(signature.split()),
        state=RosterState.SAMPLING,
        created_by=actor.user_id,
        created_at=now,
    )
    _insert(session, roster)
    _add_lines(session, roster, lines, data_key)
    note_roster(session, actor, "roster.take", roster.id, now, people=len(lines))
    return roster


def look_up(
    session: Session,
    *,
    actor: Actor,
    roster_id: str,
    entry_id: str,
    is_confirmed: bool,
    source: str,
    evidence: str,
    now: datetime,
) -> Roster:
    """Say what the primary source said of one person of the sample; a refusal stops the roster.

    Raises:
        SignInNeeded, NotAllowed: The actor is none of the staff, or stands on the roster.
        NotFound: There is no such person in the sample.
        NothingToCheck: The roster was decided already.
        InvalidInput: Source or evidence is missing.
        CheckedAlready: Somebody else looked this person up.
    """
    roster = _sampling(session, actor, roster_id)
    if faults := look_faults(source, evidence):
        raise InvalidInput(*faults)
    outcome = Outcome.CONFIRMED if is_confirmed else Outcome.REFUSED
    written = session.execute(
        update(RosterEntry)
        .where(RosterEntry.id == entry_id, RosterEntry.roster_id == roster_id)
        .where(RosterEntry.is_sample, RosterEntry.outcome == "")
        .values(
            outcome=outcome,
            source=source.strip(),
            evidence=evidence.strip(),
            checked_by=actor.user_id,
            checked_at=now,
        )
        .returning(RosterEntry.position)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if written is None:
        raise CheckedAlready
    note_roster(session, actor, "roster.look_up", roster_id, now, line=written, said=outcome)
    if outcome is Outcome.REFUSED:
        note = f"line {written}: {evidence.strip()}"
        _close(session, roster, RosterState.REFUSED, note, now)
        note_roster(session, actor, "roster.refuse", roster_id, now)
    return roster


def approve(
    session: Session, *, actor: Actor, roster_id: str, data_key: str, now: datetime
) -> Roster:
    """Approve a roster whose sample was confirmed; the second of two people admits everybody.

    Raises:
        SignInNeeded, NotAllowed: The actor is none of the staff, or stands on the roster.
        NothingToCheck: The roster was decided already.
        SampleMissing: Some of the sample were not looked up.
        SecondPersonNeeded: The actor approved it before.
    """
    roster = _sampling(session, actor, roster_id)
    left = sample_left(session, roster_id=roster_id)
    if left:
        raise SampleMissing(left=left)
    if roster.first_by == actor.user_id:
        raise SecondPersonNeeded
    if roster.first_by is None:
        roster.first_by = actor.user_id
        session.flush()
        note_roster(session, actor, "roster.approve", roster_id, now, step="first")
        return roster
    roster.second_by = actor.user_id
    _close(session, roster, RosterState.APPROVED, "", now)
    admitted = admit(session, roster=roster, data_key=data_key, now=now)
    note_roster(
        session,
        actor,
        "roster.approve",
        roster_id,
        now,
        step="second",
        admitted=len(admitted),
    )
    return roster


def refuse_roster(
    session: Session, *, actor: Actor, roster_id: str, reason: str, now: datetime
) -> Roster:
    """Refuse a whole roster with a reason; raises as :func:`approve`."""
    roster = _sampling(session, actor, roster_id)
    if faults := reason_faults(reason):
        raise InvalidInput(*faults)
    _close(session, roster, RosterState.REFUSED, reason.strip(), now)
    note_roster(session, actor, "roster.refuse", roster_id, now)
    return roster


def _sampling(session: Session, actor: Actor, roster_id: str) -> Roster:
    """Return a roster that is not decided, locked: two approvers are one after the other."""
    check_may_verify(actor)
    roster = session.scalars(
        select(Roster)
        .where(Roster.id == roster_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if roster is None:
        raise NotFound
    if roster.state != RosterState.SAMPLING:
        raise NothingToCheck
    if is_on_roster(session, roster_id=roster_id, user_id=actor.user_id):
        raise NotAllowed(_("You stand on this roster yourself: somebody else decides it."))
    return roster


def _close(session: Session, roster: Roster, state: RosterState, note: str, now: datetime) -> None:
    roster.state, roster.note, roster.decided_at = state, note, now
    session.flush()


def _insert(session: Session, roster: Roster) -> None:
    try:
        with session.begin_nested():
            session.add(roster)
    except IntegrityError:  # the same file at the same moment
        raise BadRoster(BadRoster.twice) from None


def _add_lines(session: Session, roster: Roster, lines: list[Line], data_key: str) -> None:
    sampled = set(SystemRandom().sample(range(len(lines)), sample_size(len(lines))))
    session.add_all(
        RosterEntry(
            id=new_id(),
            roster_id=roster.id,
            position=line.position,
            email=line.email,
            answers=dict(line.answers),
            number_sealed=seal(data_key, line.number),
            is_sample=place in sampled,
        )
        for place, line in enumerate(lines)
    )
    session.flush()
