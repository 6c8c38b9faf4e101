"""What a cut can be undone with: kept with the work that will remove what was cut off.

Chapters and captions as they were for the whole recording, what was made of it, and which ladder
was shown. As long as it is kept, all its objects and rows are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ids import new_id
from core.work.models import Work
from media.cuts.rules import Cue, rejoined
from media.enums import TrackKind, TrackSource
from media.models import Asset, Broadcast, TextTrack
from media.tracks import track_key

CUT: Final = "cut"
_UNDO: Final = "undo"
_OBJECTS: Final = "objects"
_ASSET: Final = ("kind", "object_key", "content_type", "size", "sha256", "details", "note")


@dataclass(frozen=True, slots=True)
class WholeTrack:
    """A text track of the whole recording; ``shown_key`` is the object of the part of it."""

    kind: TrackKind
    language: str
    source: TrackSource
    cues: Sequence[Cue]
    shown_key: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """How it was before anything was cut off; the part that is shown now in milliseconds."""

    generation: int = 0
    generation_at: str | None = None
    offset_ms: int = 0
    length_ms: int = 0
    assets: Sequence[Mapping[str, Any]] = ()
    tracks: Sequence[WholeTrack] = field(default=())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Undo":
        """Return what was kept as JSON."""
        tracks = tuple(
            WholeTrack(**{**one, "kind": TrackKind(one["kind"]), "cues": one["cues"]})
            for one in data["tracks"]
        )
        return cls(**{**data, "tracks": tracks})

    def with_track(self, track: WholeTrack) -> "Undo":
        """Return the same with a track in the place of the one of its kind and language."""
        same = (track.kind, track.language)
        others = (one for one in self.tracks if (one.kind, one.language) != same)
        return replace(self, tracks=(*others, track))

    def whole_track(self, track: TextTrack) -> WholeTrack:
        """Return a present track as it is for the whole recording, with edits made since."""
        kind = TrackKind(track.kind)
        same = (one for one in self.tracks if (one.kind, one.language) == (kind, track.language))
        kept = next(same, None)
        if kept is not None and kept.shown_key == track.object_key:
            return kept
        whole = kept.cues if kept is not None else ()
        cues = rejoined(whole, track.cues, offset_ms=self.offset_ms, length_ms=self.length_ms)
        return WholeTrack(kind, track.language, TrackSource(track.source), cues)


def present(broadcast: Broadcast, assets: Sequence[Asset]) -> Undo:
    """Return how an uncut broadcast is now, without its texts."""
    at = broadcast.generation_at
    return Undo(
        generation=broadcast.generation,
        generation_at=None if at is None else at.isoformat(),
        assets=[_as_row(one) for one in assets],
    )


def restored_assets(undo: Undo, broadcast_id: str) -> list[Asset]:
    """Return the rows of what was made of the whole recording."""
    return [
        Asset(
            id=new_id(),
            broadcast_id=broadcast_id,
            created_at=datetime.fromisoformat(row["created_at"]),
            **{name: row[name] for name in _ASSET},
        )
        for row in undo.assets
    ]


def work_of_cut(session: Session, broadcast_id: str) -> Work | None:
    """Return the work that will remove what is cut off and could be brought back, if any is."""
    query = select(Work).where(Work.kind == CUT, Work.subject == broadcast_id)
    latest = session.scalars(query.order_by(Work.revision.desc()).limit(1)).first()
    return latest if latest is not None and _UNDO in latest.payload else None


def undo_of(work: Work) -> Undo:
    """Return what that work keeps."""
    return Undo.from_json(work.payload[_UNDO])


def payload_of(undo: Undo) -> dict[str, Any]:
    """Return the payload of the work that keeps ``undo``."""
    return {_UNDO: asdict(undo)}


def payload_of_objects(keys: Sequence[str]) -> dict[str, Any]:
    """Return the payload of work that only has objects left to remove."""
    return {_OBJECTS: sorted(set(keys))}


def objects_of(payload: Mapping[str, Any]) -> Sequence[str]:
    """Return the objects that the work has to remove."""
    return tuple(payload.get(_OBJECTS, ()))


def former_objects(undo: Undo, broadcast_id: str) -> list[str]:
    """Return the objects of what was made of the whole recording, and of its texts."""
    texts = [
        track_key(broadcast_id, kind=one.kind, language=one.language, cues=map(_cue, one.cues))
        for one in undo.tracks
    ]
    return [*texts, *(str(one["object_key"]) for one in undo.assets)]


def _cue(cue: Cue) -> Cue:
    return int(cue[0]), int(cue[1]), str(cue[2])


def _as_row(asset: Asset) -> dict[str, Any]:
    row = {name: getattr(asset, name) for name in _ASSET}
    return row | {"created_at": asset.created_at.isoformat()}
