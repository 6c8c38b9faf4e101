"""Writes of media rows. An owner's writes compare the epoch: who lost the lease writes none.

Rows are locked in one order, or two writers wait for each other: livestream, broadcast, ingest.
"""

from media.services.ingests import (
    close_ingest,
    create_broadcast,
    mark_packaged,
    note_jump,
    note_next_chunk,
    note_shape,
    open_ingest,
)
from media.services.leases import (
    Lease,
    acquire_lease,
    check_lease,
    release_lease,
    renew_leases,
)
from media.services.segments import (
    add_init,
    add_segment,
    describe_rendition,
    ensure_rendition,
    mark_uploaded,
    start_run,
)

__all__ = [
    "Lease",
    "acquire_lease",
    "add_init",
    "add_segment",
    "check_lease",
    "close_ingest",
    "create_broadcast",
    "describe_rendition",
    "ensure_rendition",
    "mark_packaged",
    "mark_uploaded",
    "note_jump",
    "note_next_chunk",
    "note_shape",
    "open_ingest",
    "release_lease",
    "renew_leases",
    "start_run",
]
