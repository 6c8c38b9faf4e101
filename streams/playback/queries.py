"""Reads of the gate and of the media views: core rows, no objects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, exists, false, null, or_, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import ApiToken, Membership, User, user_roles
from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from core.sealing import fingerprint
from media.models import Asset, Broadcast, InitSegment, Rendition, Segment, TextTrack
from media.paths import MediaKind, MediaPath
from media.premiere import premiere_of
from media.window import Cut, window_of
from streams.playback.models import Grant
from streams.playback.rules import Credentials, Facts, Standing

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

STAFF = (Role.EDITOR, Role.ADMINISTRATOR)

_FACTS = select(
    Livestream.id,
    Livestream.broadcast_id,
    Livestream.state,
    Livestream.visibility,
    Livestream.organisation_id,
    Livestream.host_id,
    Livestream.ended_at,
    Livestream.recorded,
    Livestream.withheld_at,
    Broadcast.revision,
).join(Broadcast, Broadcast.id == Livestream.broadcast_id)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An immutable object: ``size`` in bytes, ``sha256`` as hex."""

    key: str
    size: int
    sha256: str
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A grant as its holder's next one sees it; ``device`` is a fingerprint."""

    id: str
    device: str
    place: int
    expires_at: datetime


def facts_of_broadcast(session: Session, broadcast_id: str) -> Facts | None:
    """Return what decides about playing a broadcast; None if there is none."""
    return _facts(
        session.execute(_FACTS.where(Livestream.broadcast_id == broadcast_id)).one_or_none()
    )


def facts_of_livestream(session: Session, livestream_id: str) -> Facts | None:
    """Return what decides about playing a livestream; None if there is none."""
    return _facts(session.execute(_FACTS.where(Livestream.id == livestream_id)).one_or_none())


def standings(
    session: Session, *, facts: Facts, credentials: Credentials, now: datetime
) -> list[Standing]:
    """Return where the holders of a valid grant and of a valid API token stand, in one query.

    Accounts, memberships and roles are read afresh, so whatever was withdrawn counts at once.
    """
    holders: list[Select[str]] = []
    if credentials.grant_token:
        holders.append(_by_grant(credentials.grant_token, facts.broadcast_id, now))
    if credentials.bearer_token:
        holders.append(_by_bearer(credentials.bearer_token, now))
    if not holders:
        return []
    statement = select(
        User.id == facts.host_id,
        _has_role(*STAFF),
        _has_role(Role.CAPTIONER),
        _is_member(facts.organisation_id),
    ).where(User.active, or_(*(User.id == holder.scalar_subquery() for holder in holders)))
    return [
        Standing(is_member=bool(member), is_crew=bool(host or staff), is_captioner=bool(captioner))
        for host, staff, captioner, member in session.execute(statement)
    ]


def grants_of(session: Session, *, user_id: str, broadcast_id: str) -> list[HeldGrant]:
    """Return a person's grants for a broadcast, the oldest first; some may be expired."""
    statement = (
        select(Grant.id, Grant.device, Grant.place, Grant.expires_at)
        .where(Grant.user_id == user_id, Grant.broadcast_id == broadcast_id)
        .order_by(Grant.created_at, Grant.id)
    )
    return [HeldGrant(*row) for row in session.execute(statement)]


def stored_object(
    session: Session, *, key: str, path: MediaPath, now: datetime
) -> StoredObject | None:
    """Return the object of ``key`` if viewers may know of it.

    Never one of a rehearsal or one that was cut off, whoever asks, and never one of a ladder that
    is not shown: half of it may be there.
    Nor anything of a premiere before its time.

    A row is asked for, not a file: what has no row exists for nobody, and names are guessable.
    """
    row = session.execute(_OBJECTS[path.kind](key)).first()
    if row is None:
        return None
    if path.kind is MediaKind.SEGMENT and not _was_shown(row):
        return None
    if path.kind is not MediaKind.INIT and not _is_due(row, now):
        return None
    return StoredObject(key, row.size, row.sha256, getattr(row, "content_type", None))


_PREMIERE = (Broadcast.opened_at, Broadcast.premiere_at, Broadcast.end_requested_at)
_IS_SHOWN = or_(Rendition.generation == 0, Rendition.generation == Broadcast.generation)


def _segment(key: str) -> AnySelect:
    return (
        select(
            Segment.size,
            Segment.sha256,
            Segment.program_at,
            Segment.duration_us,
            Broadcast.shown_from,
            Broadcast.shown_until,
            *_PREMIERE,
        )
        .join(Rendition, Rendition.id == Segment.rendition_id)
        .join(Broadcast, Broadcast.id == Segment.broadcast_id)
        .where(Segment.object_key == key, _IS_SHOWN)
    )


def _init(key: str) -> AnySelect:
    return (
        select(InitSegment.size, InitSegment.sha256)
        .join(Rendition, Rendition.id == InitSegment.rendition_id)
        .join(Broadcast, Broadcast.id == Rendition.broadcast_id)
        .where(InitSegment.object_key == key, _IS_SHOWN)
    )


def _asset(key: str) -> AnySelect:
    """An asset, or the text of a track, which its ending gives its type."""
    asset = (
        select(Asset.size, Asset.sha256, Asset.content_type, *_PREMIERE)
        .join(Broadcast, Broadcast.id == Asset.broadcast_id)
        .where(Asset.object_key == key)
    )
    track = (
        select(TextTrack.size, TextTrack.sha256, null(), *_PREMIERE)
        .join(Broadcast, Broadcast.id == TextTrack.broadcast_id)
        .where(TextTrack.object_key == key)
    )
    return asset.union_all(track)


_OBJECTS: Mapping[MediaKind, Callable[[str], AnySelect]] = {
    MediaKind.SEGMENT: _segment,
    MediaKind.INIT: _init,
    MediaKind.ASSET: _asset,
}


def _was_shown(row: AnyRow) -> bool:
    """Tell whether the segment lies within the line that playlists draw; cuts move it."""
    if row.opened_at is None:
        return False
    window = window_of(row.opened_at, Cut(row.shown_from, row.shown_until))
    return window.shows(row.program_at, _ends_at(row))


def _is_due(row: AnyRow, now: datetime) -> bool:
    """Tell whether a premiere has come to a segment; what is made of the whole talk waits for it.

    Captions, pictures and sound would tell what is still to come.
    """
    premiere = premiere_of(
        premiere_at=row.premiere_at, opened_at=row.opened_at, ended_at=row.end_requested_at
    )
    due_until = None if premiere is None else premiere.due_until(now)
    if due_until is None:
        return True
    ends_at = _ends_at(row) if hasattr(row, "program_at") else None
    return ends_at is not None and ends_at <= due_until


def _ends_at(row: AnyRow) -> datetime:
    ends_at: datetime = row.program_at + timedelta(microseconds=row.duration_us)
    return ends_at


def _facts(row: AnyRow | None) -> Facts | None:
    if row is None:
        return None
    return Facts(
        livestream_id=row.id,
        broadcast_id=row.broadcast_id,
        state=LivestreamState(row.state),
        visibility=Visibility(row.visibility),
        organisation_id=row.organisation_id,
        host_id=row.host_id,
        ended_at=row.ended_at,
        recorded=row.recorded,
        withheld=row.withheld_at is not None,
        revision=row.revision,
    )


def _by_grant(token: str, broadcast_id: str, now: datetime) -> Select[str]:
    return select(Grant.user_id).where(
        Grant.fingerprint == fingerprint(token),
        Grant.broadcast_id == broadcast_id,
        Grant.expires_at > now,
    )


def _by_bearer(token: str, now: datetime) -> Select[str]:
    return select(ApiToken.user_id).where(
        ApiToken.fingerprint == fingerprint(token),
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
    )


def _has_role(*roles: Role) -> ColumnElement[bool]:
    return exists().where(user_roles.c.user_id == User.id, user_roles.c.role_name.in_(roles))


def _is_member(organisation_id: str | None) -> ColumnElement[bool]:
    if organisation_id is None:
        return false()
    return exists().where(
        Membership.user_id == User.id,
        Membership.organisation_id == organisation_id,
        Membership.ended_at.is_(None),
    )
