"""Writing a livestream: created with its broadcast, edited while its state allows it."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from catalog import queries, rules
from catalog.enums import LivestreamState
from catalog.errors import NotEditable
from catalog.models import Host, Livestream, LivestreamTopic
from catalog.rules import LivestreamDraft
from core.clock import as_utc
from core.errors import InvalidInput, NotAllowed, WrongState
from core.ids import new_id
from core.walltime import wall_of
from core.words import ENGLISH
from media.models import Broadcast


def create_livestream(
    session: Session,
    *,
    actor: Actor,
    draft: LivestreamDraft,
    window_seconds: int,
    now: datetime,
    is_example: bool = False,
) -> Livestream:
    """Create a draft and its broadcast; the stream key is made in :mod:`streams.life.services`.

    The actor is a host, for themselves, or one of the staff, for any host. ``window_seconds``, 0 to
    1800, is how long an encoder may be away before the broadcast ends.

    Raises:
        NotAllowed: The actor may not create livestreams for this host.
        InvalidInput: All faults of the draft, each beside its field.
    """
    _check_may_write_for(actor, draft.host_id)
    _check(session, draft, entered_at=now)
    broadcast = Broadcast(id=new_id(), window_seconds=window_seconds, created_at=now)
    session.add(broadcast)
    session.flush()  # before the row that points to it: there is no relationship to order them
    livestream = Livestream(
        id=new_id(),
        broadcast_id=broadcast.id,
        created_by=actor.user_id,
        created_at=now,
        updated_at=now,
        is_example=is_example,
        state=LivestreamState.DRAFT,
        **_columns(draft),
    )
    session.add(livestream)
    session.flush()
    _write_topics(session, livestream.id, draft.topics)
    return livestream


def edit_livestream(
    session: Session,
    *,
    actor: Actor,
    livestream: Livestream,
    changes: Mapping[str, Any],
    now: datetime,
    may_move: bool = False,
) -> Livestream:
    """Change fields of a livestream that the actor may run (see ``access.livestream_to_run``).

    ``changes`` holds new values by the field names of :class:`LivestreamDraft`. ``may_move`` lets
    its host change the time that was agreed: :mod:`streams.planning.services.moving` alone says so,
    which knows until when and writes it down.

    Raises:
        NotAllowed: The actor does not run the livestream, or the change was agreed with the staff.
        NotEditable: The state no longer allows the change.
        InvalidInput: All faults of the result, each beside its field.
        WrongState: Somebody else moved the livestream on at the same moment.
    """
    keep_as_it_is(session, livestream=livestream)  # all its columns are written below
    if not rules.may_run(livestream, actor):
        raise NotAllowed
    old = queries.draft_of(session, livestream)
    new = replace(old, **changes)
    changed = {field.name for field in fields(new) if _differs(field.name, old, new)}
    _check_may_change(actor, livestream.state, changed, may_move=may_move)
    _check(session, new, entered_at=now if "starts_at" in changed else None)
    if changed:
        _write(session, livestream, new, now)
    return livestream


def keep_as_it_is(session: Session, *, livestream: Livestream) -> None:
    """Read a livestream afresh and lock it: what a rival wrote is neither undone nor overlooked.

    Raises:
        WrongState: It has moved on since it was read.
    """
    seen = livestream.state
    session.refresh(livestream, with_for_update=True)
    if livestream.state != seen:
        raise WrongState


def save_host(
    session: Session, *, user_id: str, name: str, verified_until: datetime | None
) -> Host:
    """Give a person with an account a public face as a host, or verify the one they have.

    ``name`` is used for a new host only; ``verified_until`` None withdraws the verification.
    """
    host = session.get(Host, user_id)
    if host is None:
        host = Host(id=user_id, names={ENGLISH: name}, initials=name[:1].upper())
        session.add(host)
    host.verified_until = verified_until
    session.flush()
    return host


def _differs(name: str, old: LivestreamDraft, new: LivestreamDraft) -> bool:
    return bool(getattr(old, name) != getattr(new, name))


def _check_may_write_for(actor: Actor, host_id: str) -> None:
    if not (actor.is_staff or (actor.has(Role.HOST) and actor.user_id == host_id)):
        raise NotAllowed


def _check_may_change(actor: Actor, state: str, changed: set[str], *, may_move: bool) -> None:
    forbidden = rules.forbidden_fields(state, changed)
    if forbidden:
        raise NotEditable(state=state, fields=", ".join(forbidden))
    agreed = changed - rules.HOST_MAY_CHANGE_WHEN_SCHEDULED - (rules.WHEN if may_move else set())
    if actor.is_staff:
        return
    if "host_id" in changed or (state not in rules.HIDDEN_STATES and agreed):
        raise NotAllowed


def _check(session: Session, draft: LivestreamDraft, *, entered_at: datetime | None) -> None:
    faults = rules.draft_faults(draft, queries.known_to_draft(session, draft))
    if entered_at is not None:
        faults += rules.entry_faults(draft.starts_at, entered_at)
    if faults:
        raise InvalidInput(*faults)


def _columns(draft: LivestreamDraft) -> dict[str, Any]:
    return {
        "titles": rules.as_words(draft.titles, draft.language),
        "descriptions": rules.as_words(draft.descriptions, draft.language),
        "language": draft.language,
        "host_id": draft.host_id,
        "starts_at": as_utc(draft.starts_at),
        "ends_at": as_utc(draft.ends_at),
        "timezone": draft.timezone,
        "local_start": rules.local_start(draft.starts_at, draft.timezone),
        "local_fold": wall_of(draft.starts_at, draft.timezone)[1],
        "visibility": draft.visibility,
        "organisation_id": draft.organisation_id,
        "replay_policy": draft.replay_policy,
        "auto_start": draft.auto_start,
        "scope": draft.scope,
        "recorded": draft.recorded,
        "premiere": draft.premiere,
    }


def _write(session: Session, livestream: Livestream, draft: LivestreamDraft, now: datetime) -> None:
    wanted_since = livestream.host_wanted_at if draft.host_id == livestream.host_id else None
    # Another host as well: the invitation of the one who leaves is withdrawn by a higher number.
    moved = (draft.starts_at, draft.ends_at, draft.timezone, draft.host_id) != (
        livestream.starts_at,
        livestream.ends_at,
        livestream.timezone,
        livestream.host_id,
    )
    written = session.execute(
        update(Livestream)
        .where(Livestream.id == livestream.id, Livestream.state == livestream.state)
        .values(updated_at=now, sequence=Livestream.sequence + int(moved))
        .values(host_wanted_at=wanted_since, **_columns(draft))
        .returning(Livestream.id)
        .execution_options(synchronize_session=False)
    )
    if written.scalar_one_or_none() is None:
        raise WrongState
    _write_topics(session, livestream.id, draft.topics)
    session.refresh(livestream)


def _write_topics(session: Session, livestream_id: str, topics: tuple[str, ...]) -> None:
    session.execute(delete(LivestreamTopic).where(LivestreamTopic.livestream_id == livestream_id))
    session.add_all(
        LivestreamTopic(livestream_id=livestream_id, topic_slug=slug, position=position)
        for position, slug in enumerate(dict.fromkeys(topics))
    )
    session.flush()
