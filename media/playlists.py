"""Rows of a broadcast to the playlists that viewers are given.

Renditions have a generation: 0 was made while live, n belongs to the n-th ladder. The master
playlist names those of one generation, the one that the broadcast says is shown. Playlists of
generation 0 stay for players that began with them; a ladder that is not shown does not exist.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from media import hls, paths
from media.enums import RenditionKind
from media.errors import NoSuchMedia, NotYetPlayable
from media.hls import SegmentRow, SoundRow, VariantRow
from media.hls.rows import SOUND_GROUP
from media.listing import BroadcastListing, Listing, ListingCache, StoredSegment
from media.models import Broadcast, Rendition, Segment
from media.showing import Shown, shown_in_whole, shown_to_viewers

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


def media_playlist(
    session: Session,
    *,
    broadcast_id: str,
    rendition: str,
    skip: bool = False,
    now: datetime | None = None,
) -> Playlist:
    """Return the media playlist of one rendition, in two queries; a premiere takes a third.

    Args:
        session: Only read from.
        broadcast_id: Which broadcast.
        rendition: Name of the rendition.
        skip: Whether the player asked for a delta update (``_HLS_skip=YES``).
        now: The present: of a premiere only what is due is listed. None: all that is recorded,
            for whoever makes something of it; never for viewers.

    Raises:
        NoSuchMedia: There is no such broadcast or rendition.
        NotYetPlayable: Nothing of it may be shown yet.
    """
    shown = _shown(session, broadcast_id, now)
    row = shown.find(rendition)
    if row is None:
        raise NoSuchMedia
    return _media(session, broadcast_id, shown, row, skip=skip)


def master_playlist(
    session: Session, *, broadcast_id: str, now: datetime | None = None
) -> Playlist:
    """Return the master playlist, in two queries; ``now`` as for a media playlist.

    It is offered once every rendition has a segment: a player reads it once and would never learn
    of a rendition that came a moment later.

    Raises:
        NoSuchMedia: There is no such broadcast.
        NotYetPlayable: Nothing of it may be shown yet.
    """
    shown = _shown(session, broadcast_id, now)
    return _master(session, broadcast_id, shown, shown.offered)


def final_playlists(
    session: Session, *, broadcast_id: str, generation: int | None = None
) -> dict[str, str]:
    """Return every playlist of an ended broadcast by its object key, the master last.

    Args:
        session: Only read from.
        broadcast_id: Which broadcast.
        generation: Whose playlists; those that are shown when None.

    Raises:
        NotYetPlayable: It has not ended, or nothing of it was ever shown.
    """
    shown = shown_in_whole(session, broadcast_id, shift=True)
    wanted = shown.generation if generation is None else generation
    master = _master(session, broadcast_id, shown, wanted)
    if not master.ended:
        raise NotYetPlayable
    names = {paths.uri_in_master(one.name): one for one in shown.renditions(wanted)}
    rows = [names[uri] for uri in hls.parse_master(master.text).uris()]
    written = {
        paths.playlist_key(broadcast_id, row.name): _media(session, broadcast_id, shown, row).text
        for row in rows
    }
    return written | {paths.master_key(broadcast_id): master.text}


def shown_generation(session: Session, *, broadcast_id: str) -> int:
    """Return which renditions the master playlist names; 0 for a broadcast that is not there."""
    query = select(Broadcast.generation).where(Broadcast.id == broadcast_id)
    return session.execute(query).scalar_one_or_none() or 0


def sound_rendition(session: Session, *, broadcast_id: str) -> str | None:
    """Return the name of the rendition with sound alone that viewers are given now."""
    query = (
        select(Rendition.name)
        .join(Broadcast, Broadcast.id == Rendition.broadcast_id)
        .where(
            Rendition.broadcast_id == broadcast_id,
            Rendition.kind == RenditionKind.AUDIO,
            Rendition.generation == Broadcast.generation,
        )
        .order_by(Rendition.position)
    )
    return session.execute(query).scalars().first()


def recorded_playlist(
    session: Session, *, broadcast_id: str, rendition: str, uncut: bool = False
) -> str:
    """Return the text that lists all of a rendition, for whoever makes something of it.

    With ``uncut`` also what was cut off and is not removed yet. Raises as :func:`media_playlist`.
    """
    shown = shown_in_whole(session, broadcast_id, uncut=uncut)
    row = shown.find(rendition)
    if row is None:
        raise NoSuchMedia
    return _media(session, broadcast_id, shown, row).text


def forget_listings() -> None:
    """Drop what this process has rendered, for measurements and tests."""
    _cache.clear()


def _media(
    session: Session, broadcast_id: str, shown: Shown, row: Rendition, *, skip: bool = False
) -> Playlist:
    listings = _listings(broadcast_id, shown, row.generation)
    with listings.lock:
        _catch_up(session, broadcast_id, shown, row.generation, listings)
        listing = listings.rendition(row.id)
        return _answer(listing, row.target_duration, ended=shown.ended, skip=skip)


def _master(session: Session, broadcast_id: str, shown: Shown, generation: int) -> Playlist:
    renditions = shown.renditions(generation)
    listings = _listings(broadcast_id, shown, generation)
    with listings.lock:
        _catch_up(session, broadcast_id, shown, generation, listings)
        text = _render_master(_offered(renditions, listings, ended=shown.ended), listings)
    return Playlist(text, f'"{_mark(text)}"', shown.ended)


def _listings(broadcast_id: str, shown: Shown, generation: int) -> BroadcastListing:
    """Return the listing to go on with; what a premiere holds back never comes into a kept one."""
    if shown.is_whole:
        return BroadcastListing(shown.window)
    return _cache.get(broadcast_id, shown.window, generation, shown.revision)


def _shown(session: Session, broadcast_id: str, now: datetime | None) -> Shown:
    if now is None:
        return shown_in_whole(session, broadcast_id)
    return shown_to_viewers(session, broadcast_id, now=now)


def _catch_up(
    session: Session,
    broadcast_id: str,
    shown: Shown,
    generation: int,
    listings: BroadcastListing,
) -> None:
    names = {one.id: one.name for one in shown.renditions(generation)}
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
        .where(or_(*newer), *_within(shown))
        .order_by(Segment.rendition_id, Segment.sequence)
    )
    for rendition_id, sequence, run, duration_us, at, key, size in session.execute(query):
        init = _init_uri(broadcast_id, names[rendition_id], run)
        if shown.is_due(at + timedelta(microseconds=duration_us)):
            uri = paths.uri_in_playlist(key)
            row = SegmentRow(sequence, run, duration_us, at + shown.shift, uri, init)
            listings.take(rendition_id, StoredSegment(row, size))
    listings.settle()


def _within(shown: Shown) -> list[ColumnElement[bool]]:
    """Return the bounds of the rows that are worth reading."""
    bounds = [Segment.program_at > shown.rows.opens_at - LONGEST_SEGMENT]
    if shown.listed_until is not None:
        bounds.append(Segment.program_at < shown.listed_until)
    return bounds


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


def _offered(
    renditions: Sequence[Rendition], listings: BroadcastListing, *, ended: bool
) -> list[Rendition]:
    """Return the renditions that a player may be told of."""
    counts = [listings.rendition(one.id).count for one in renditions]
    longest = max(counts, default=0)
    enough = ended or longest >= WAIT_FOR_RENDITIONS or all(counts)
    if not longest or not enough:
        raise NotYetPlayable
    return [one for one, count in zip(renditions, counts, strict=True) if count]


def _render_master(renditions: Sequence[Rendition], listings: BroadcastListing) -> str:
    """Render the master playlist; pictures without sound of their own name the one they share."""
    silent = [one for one in renditions if one.kind == RenditionKind.VIDEO]
    sound = next((one for one in renditions if one.kind == RenditionKind.AUDIO), None)
    shared = sound if silent else None
    variants = [_variant(one, listings, shared) for one in renditions]
    sounds = [SoundRow(uri=paths.uri_in_master(shared.name))] if shared is not None else []
    return hls.render_master(variants, sounds)


def _variant(
    rendition: Rendition, listings: BroadcastListing, shared: Rendition | None
) -> VariantRow:
    listing = listings.rendition(rendition.id)
    has_picture = rendition.kind != RenditionKind.AUDIO
    beside = shared if rendition.kind == RenditionKind.VIDEO else None
    peak, average = _bandwidth(listing)
    if beside is not None:
        more = _bandwidth(listings.rendition(beside.id))
        peak, average = peak + more[0], average + more[1]
    return VariantRow(
        uri=paths.uri_in_master(rendition.name),
        codecs=rendition.codecs + (f",{beside.codecs}" if beside is not None else ""),
        bandwidth=peak,
        average_bandwidth=average,
        width=rendition.width if has_picture else 0,
        height=rendition.height if has_picture else 0,
        frame_rate=rendition.frame_rate if has_picture else 0.0,
        sound_group=SOUND_GROUP if beside is not None else "",
    )


def _bandwidth(listing: Listing) -> tuple[int, int]:
    """Return peak and average in bits per second."""
    return max(listing.peak, listing.average), listing.average


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
