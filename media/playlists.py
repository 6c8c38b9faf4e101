"""Rows of a broadcast to the playlists that viewers are given."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from media import hls, paths
from media.enums import BroadcastState, RenditionKind
from media.errors import NoSuchMedia, NotYetPlayable
from media.hls import SegmentRow, VariantRow
from media.listing import BroadcastListing, Listing, ListingCache, StoredSegment
from media.models import Broadcast, Rendition, Segment

LONGEST_SEGMENT: Final = timedelta(seconds=30)
"""Rows that began earlier than this before the opening are not even read; far above any target."""
WAIT_FOR_RENDITIONS: Final = 5
"""Segments after which a rendition that has none no longer keeps the others from being offered."""

_cache = ListingCache()


@dataclass(frozen=True, slots=True)
class Playlist:
    """An answer to a player; ``etag`` is quoted and differs whenever ``text`` does."""

    text: str
    etag: str
    ended: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """A broadcast that viewers may see, and its renditions in the order of the master playlist."""

    ended: bool
    opened_at: datetime
    renditions: tuple[Rendition, ...]


def media_playlist(
    session: Session, *, broadcast_id: str, rendition: str, skip: bool = False
) -> Playlist:
    """Return the media playlist of one rendition, in two queries.

    Args:
        session: Only read from.
        broadcast_id: Which broadcast.
        rendition: Name of the rendition.
        skip: Whether the player asked for a delta update (``_HLS_skip=YES``).

    Raises:
        NoSuchMedia: There is no such broadcast or rendition.
        NotYetPlayable: Nothing of it may be shown yet.
    """
    shown = _shown(session, broadcast_id)
    row = next((one for one in shown.renditions if one.name == rendition), None)
    if row is None:
        raise NoSuchMedia
    listings = _cache.get(broadcast_id, shown.opened_at)
    with listings.lock:
        _catch_up(session, broadcast_id, shown, listings)
        listing = listings.rendition(row.id)
        return _answer(listing, row.target_duration, ended=shown.ended, skip=skip)


def master_playlist(session: Session, *, broadcast_id: str) -> Playlist:
    """Return the master playlist, in two queries.

    It is offered once every rendition has a segment: a player reads it once and would never learn
    of a rendition that came a moment later.

    Raises:
        NoSuchMedia: There is no such broadcast.
        NotYetPlayable: Nothing of it may be shown yet.
    """
    shown = _shown(session, broadcast_id)
    listings = _cache.get(broadcast_id, shown.opened_at)
    with listings.lock:
        _catch_up(session, broadcast_id, shown, listings)
        text = hls.render_master(_variants(shown, listings))
    return Playlist(text, f'"{_mark(text)}"', shown.ended)


def final_playlists(session: Session, *, broadcast_id: str) -> dict[str, str]:
    """Return every playlist of an ended broadcast by its object key, the master last.

    Raises:
        NotYetPlayable: It has not ended, or nothing of it was ever shown.
    """
    master = master_playlist(session, broadcast_id=broadcast_id)
    if not master.ended:
        raise NotYetPlayable
    names = [line.partition("/")[0] for line in master.text.splitlines() if line[:1] != "#"]
    written = {
        paths.playlist_key(broadcast_id, name): media_playlist(
            session, broadcast_id=broadcast_id, rendition=name
        ).text
        for name in names
    }
    return written | {paths.master_key(broadcast_id): master.text}


def forget_listings() -> None:
    """Drop what this process has rendered, for measurements and tests."""
    _cache.clear()


def _shown(session: Session, broadcast_id: str) -> _Shown:
    query = (
        select(Broadcast.state, Broadcast.opened_at, Rendition)
        .outerjoin(Rendition, Rendition.broadcast_id == Broadcast.id)
        .where(Broadcast.id == broadcast_id)
        .order_by(Rendition.position, Rendition.name)
    )
    rows = session.execute(query).all()
    if not rows:
        raise NoSuchMedia
    state, opened_at, _ = rows[0]
    if opened_at is None:
        raise NotYetPlayable
    joined: list[Rendition | None] = [row[2] for row in rows]
    renditions = tuple(one for one in joined if one is not None)
    return _Shown(state == BroadcastState.ENDED, opened_at, renditions)


def _catch_up(
    session: Session, broadcast_id: str, shown: _Shown, listings: BroadcastListing
) -> None:
    names = {one.id: one.name for one in shown.renditions}
    if not names:
        return
    newer = [_newer(listings, one) for one in names]
    query = (
        select(
            Segment.rendition_id,
            Segment.sequence,
            Segment.run_number,
            Segment.duration_us,
            Segment.program_at,
            Segment.object_key,
            Segment.size,
        )
        .where(or_(*newer), Segment.program_at > shown.opened_at - LONGEST_SEGMENT)
        .order_by(Segment.rendition_id, Segment.sequence)
    )
    for rendition_id, sequence, run, duration_us, at, key, size in session.execute(query):
        init = _init_uri(broadcast_id, names[rendition_id], run)
        row = SegmentRow(sequence, run, duration_us, at, paths.uri_in_playlist(key), init)
        listings.take(rendition_id, StoredSegment(row, size))
    listings.settle()


@lru_cache(maxsize=256)
def _init_uri(broadcast_id: str, rendition: str, run: int) -> str:
    return paths.uri_in_playlist(paths.init_key(broadcast_id, rendition, run))


def _newer(listings: BroadcastListing, rendition_id: str) -> ColumnElement[bool]:
    read_up_to = listings.rendition(rendition_id).read_up_to
    return and_(Segment.rendition_id == rendition_id, Segment.sequence > read_up_to)


def _answer(listing: Listing, target_duration: int, *, ended: bool, skip: bool) -> Playlist:
    text = listing.text(target_duration=target_duration, ended=ended, skip=skip)
    if listing.first is None:
        raise NotYetPlayable
    kind = "end" if ended else "delta" if "#EXT-X-SKIP" in text[:400] else "live"
    return Playlist(text, f'"{listing.first.sequence}-{listing.count}-{kind}"', ended)


def _variants(shown: _Shown, listings: BroadcastListing) -> list[VariantRow]:
    listed = {one.id: listings.rendition(one.id) for one in shown.renditions}
    longest = max((one.count for one in listed.values()), default=0)
    enough = shown.ended or longest >= WAIT_FOR_RENDITIONS or all(o.count for o in listed.values())
    if not longest or not enough:
        raise NotYetPlayable
    return [_variant(one, listed[one.id]) for one in shown.renditions if listed[one.id].count]


def _variant(rendition: Rendition, listing: Listing) -> VariantRow:
    has_picture = rendition.kind == RenditionKind.MUXED
    return VariantRow(
        uri=paths.uri_in_master(rendition.name),
        codecs=rendition.codecs,
        bandwidth=max(listing.peak, listing.average),
        average_bandwidth=listing.average,
        width=rendition.width if has_picture else 0,
        height=rendition.height if has_picture else 0,
        frame_rate=rendition.frame_rate if has_picture else 0.0,
    )


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
