"""Tables of a broadcast: broadcast → ingest (one per encoder connection) → run → segment.

A **run** is one packager process on one ingest: it has one init segment per rendition, and a
discontinuity before its first segment. Segments are immutable once inserted; only ``uploaded_at``
moves.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime
from media.enums import BroadcastState, UploadState


class Broadcast(Base):
    """The media of one livestream; ``node``, ``epoch``, ``lease_until`` say who may write."""

    __tablename__ = "media_broadcast"
    __table_args__ = (
        CheckConstraint("state IN ('idle', 'receiving', 'interrupted', 'ended')", name="state"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(String(12), default=BroadcastState.IDLE)
    node: Mapped[str] = mapped_column(String(80), default="")
    epoch: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    window_seconds: Mapped[int] = mapped_column(default=120)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Viewers see segments from here on; before was a rehearsal. None: nothing is shown."""
    interrupted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set by whoever ends it; the owner then flushes the last segment and sets ``ended``."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    faults: Mapped[list[str]] = mapped_column(Json(), default=list)
    """Codes of what is wrong with the feed, for the host (``media.rules.FAULTS``)."""
    generation: Mapped[int] = mapped_column(default=0)
    """Which renditions the master playlist names: 0 the live ones, n those of the n-th ladder."""
    generation_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    live_retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The live segments have been removed; the ladder is all there is."""
    shown_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What ends before this program time was cut off; None: nothing, see ``opened_at``."""
    shown_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What begins at this program time or later was cut off; None: nothing."""
    trimmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the cuts were last changed; what was cut off is removed a while later."""
    revision: Mapped[int] = mapped_column(default=0)
    """Rises whenever something that could be fetched no longer may: part of an edge's cache key."""
    premiere_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A finished talk plays as if it were live from then on; None: no premiere."""
    emptied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Every object and row of its media was removed for good."""


class Ingest(Base):
    """One encoder connection."""

    __tablename__ = "media_ingest"
    __table_args__ = (UniqueConstraint("broadcast_id", "number"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    epoch: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No more bytes will come; the journal may still hold some that are not packaged yet."""
    packaged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Everything in the journal of this ingest has become segments."""
    next_chunk: Mapped[int] = mapped_column(default=0)
    shape: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """What the feed turned out to be: codecs, size, frame rate, keyframe interval."""


class Rendition(Base):
    """One quality of a broadcast, and one media playlist."""

    __tablename__ = "media_rendition"
    __table_args__ = (UniqueConstraint("broadcast_id", "name"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(8))
    position: Mapped[int] = mapped_column(default=0)
    target_duration: Mapped[int] = mapped_column(default=1)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    frame_rate: Mapped[float] = mapped_column(default=0.0)
    codecs: Mapped[str] = mapped_column(String(80), default="")
    bandwidth: Mapped[int] = mapped_column(default=0)
    """Peak bits per second over one segment, so far; in the master playlist."""
    generation: Mapped[int] = mapped_column(default=0)
    """0 was made while live; n belongs to the n-th ladder (see ``Broadcast.generation``)."""


class Run(Base):
    """One packager on one ingest; ``number`` is the discontinuity sequence, from 0."""

    __tablename__ = "media_run"
    __table_args__ = (UniqueConstraint("broadcast_id", "number"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    ingest_id: Mapped[str] = mapped_column(ForeignKey("media_ingest.id", ondelete="CASCADE"))
    number: Mapped[int]
    mode: Mapped[str] = mapped_column(String(8))
    base_us: Mapped[int] = mapped_column(BigInteger, default=0)
    """Where the run's timeline begins, in microseconds after the first byte of its ingest."""
    program_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The wall time of the run's timeline zero."""


class InitSegment(Base):
    """The ``EXT-X-MAP`` of one run in one rendition."""

    __tablename__ = "media_init"

    run_id: Mapped[str] = mapped_column(
        ForeignKey("media_run.id", ondelete="CASCADE"), primary_key=True
    )
    rendition_id: Mapped[str] = mapped_column(
        ForeignKey("media_rendition.id", ondelete="CASCADE"), primary_key=True
    )
    object_key: Mapped[str] = mapped_column(String(200), unique=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Segment(Base):
    """One immutable piece of a rendition; its row is written when its bytes are durable."""

    __tablename__ = "media_segment"
    __table_args__ = (
        Index("ix_media_segment_pending", "uploaded_at", "broadcast_id"),
        CheckConstraint("duration_us > 0", name="duration"),
    )

    rendition_id: Mapped[str] = mapped_column(
        ForeignKey("media_rendition.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Media sequence number within the rendition, from 0, without gaps."""
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    run_id: Mapped[str] = mapped_column(ForeignKey("media_run.id", ondelete="CASCADE"))
    run_number: Mapped[int]
    """The discontinuity sequence; a copy of ``Run.number`` so that a playlist reads one table."""
    epoch: Mapped[int]
    starts_us: Mapped[int] = mapped_column(BigInteger)
    """Start on the timeline of its run, in microseconds."""
    duration_us: Mapped[int] = mapped_column(BigInteger)
    program_at: Mapped[datetime] = mapped_column(UtcDateTime)
    object_key: Mapped[str] = mapped_column(String(200), unique=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def ends_at(self) -> datetime:
        """The program time after its last frame."""
        return self.program_at + timedelta(microseconds=self.duration_us)


class Asset(Base):
    """Something made from a broadcast after its end: a poster, the sound as a download."""

    __tablename__ = "media_asset"
    __table_args__ = (UniqueConstraint("broadcast_id", "kind"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    object_key: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TextTrack(Base):
    """Captions or chapters of a recording in one language; a WebVTT object says the same."""

    __tablename__ = "media_text_track"
    __table_args__ = (UniqueConstraint("broadcast_id", "kind", "language"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(9))
    cues: Mapped[list[list[Any]]] = mapped_column(Json(), default=list)
    """``[start, end, text]`` each; milliseconds after the first second of the replay."""
    object_key: Mapped[str] = mapped_column(String(200), unique=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrackVersion(Base):
    """A text track as it was before something took its place, so that it can be brought back.

    Its times are those of what is shown: a cut moves them, and takes away what lies outside.
    """

    __tablename__ = "media_track_version"
    __table_args__ = (UniqueConstraint("broadcast_id", "kind", "language", "number"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]
    """Counts up from 1 within the language."""
    source: Mapped[str] = mapped_column(String(9))
    cues: Mapped[list[list[Any]]] = mapped_column(Json(), default=list)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When something took its place."""


class Upload(Base):
    """A finished talk that comes in as a file, in numbered parts of ``part_size`` bytes."""

    __tablename__ = "media_upload"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(
        ForeignKey("media_broadcast.id", ondelete="CASCADE"), index=True
    )
    owner_id: Mapped[str] = mapped_column(Id())
    """Who sends it; a user id, which this room does not look into."""
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    part_size: Mapped[int]
    state: Mapped[str] = mapped_column(String(9), default=UploadState.OPEN)
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UploadPart(Base):
    """One stored part of an upload; the last one may be shorter than the others."""

    __tablename__ = "media_upload_part"

    upload_id: Mapped[str] = mapped_column(
        ForeignKey("media_upload.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(200))
