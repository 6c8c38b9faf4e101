"""What is held of the recordings of a host."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.personal import OURS, WORKING, Held, by, within

HELD: Final[Mapping[str, Held]] = MappingProxyType(
    {
        "media_asset": Held(
            within("broadcast_id", "media_broadcast"),
            told=("kind", "content_type", "size", "created_at"),
            kept_back={
                "object_key": WORKING,
                "sha256": WORKING,
                "details": WORKING,
                "note": WORKING,
                "id": OURS,
                "broadcast_id": OURS,
            },
        ),
        "media_broadcast": Held(
            within("id", "catalog_livestream", "broadcast_id"),
            told=("state", "opened_at", "ended_at", "created_at", "emptied_at"),
            kept_back={
                "node": WORKING,
                "epoch": WORKING,
                "lease_until": WORKING,
                "window_seconds": WORKING,
                "interrupted_at": WORKING,
                "end_requested_at": WORKING,
                "faults": WORKING,
                "generation": WORKING,
                "generation_at": WORKING,
                "live_retired_at": WORKING,
                "shown_from": WORKING,
                "shown_until": WORKING,
                "trimmed_at": WORKING,
                "revision": WORKING,
                "premiere_at": WORKING,
                "id": OURS,
            },
        ),
        "media_ingest": Held(
            within("broadcast_id", "media_broadcast"),
            told=("kind", "started_at", "closed_at"),
            kept_back={
                "number": WORKING,
                "epoch": WORKING,
                "packaged_at": WORKING,
                "next_chunk": WORKING,
                "shape": WORKING,
                "id": OURS,
                "broadcast_id": OURS,
            },
        ),
        "media_init": Held(
            within("run_id", "media_run"),
            kept_back={
                "object_key": WORKING,
                "size": WORKING,
                "sha256": WORKING,
                "uploaded_at": WORKING,
                "run_id": OURS,
                "rendition_id": OURS,
            },
        ),
        "media_rendition": Held(
            within("broadcast_id", "media_broadcast"),
            told=("name", "kind", "width", "height"),
            kept_back={
                "position": WORKING,
                "target_duration": WORKING,
                "frame_rate": WORKING,
                "codecs": WORKING,
                "bandwidth": WORKING,
                "generation": WORKING,
                "id": OURS,
                "broadcast_id": OURS,
            },
        ),
        "media_run": Held(
            within("broadcast_id", "media_broadcast"),
            kept_back={
                "number": WORKING,
                "mode": WORKING,
                "base_us": WORKING,
                "program_at": WORKING,
                "id": OURS,
                "broadcast_id": OURS,
                "ingest_id": OURS,
            },
        ),
        "media_segment": Held(
            within("broadcast_id", "media_broadcast"),
            kept_back={
                "sequence": WORKING,
                "run_number": WORKING,
                "epoch": WORKING,
                "starts_us": WORKING,
                "duration_us": WORKING,
                "program_at": WORKING,
                "object_key": WORKING,
                "size": WORKING,
                "sha256": WORKING,
                "uploaded_at": WORKING,
                "rendition_id": OURS,
                "broadcast_id": OURS,
                "run_id": OURS,
            },
        ),
        "media_text_track": Held(
            within("broadcast_id", "media_broadcast"),
            told=("kind", "language", "source", "cues", "created_at"),
            kept_back={
                "object_key": WORKING,
                "size": WORKING,
                "sha256": WORKING,
                "id": OURS,
                "broadcast_id": OURS,
            },
        ),
        "media_track_version": Held(
            within("broadcast_id", "media_broadcast"),
            told=("kind", "language", "source", "cues", "kept_at"),
            kept_back={"number": WORKING, "id": OURS, "broadcast_id": OURS},
        ),
        "media_upload": Held(
            by("owner_id"),
            told=("name", "size", "state", "reason", "created_at", "completed_at"),
            kept_back={"part_size": WORKING, "id": OURS, "broadcast_id": OURS, "owner_id": OURS},
        ),
        "media_upload_part": Held(
            within("upload_id", "media_upload"),
            told=("number", "size"),
            kept_back={"sha256": WORKING, "object_key": WORKING, "upload_id": OURS},
        ),
    }
)
