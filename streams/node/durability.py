"""How many of a broadcast's chunks are in object storage for certain.

Nothing of it is kept: the rows say up to which moment the media of an ingest is stored, and its
feed says which chunks lie before that moment. After a restart the feed knows less, and the answer
may be lower.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from media.models import Ingest
from media.packager import SOURCE
from media.queries import chunk_ingests, packaged_until_us, waiting_from_us

MARGIN_US = 1_000_000  # sound lies a little apart from the picture, a frame has a length

ChunkBefore = Callable[[str, int], int]
"""The last chunk of an ingest with all media before a moment, in microseconds; -1: unknown."""


def durable_through(session: Session, *, broadcast_id: str, chunk_before: ChunkBefore) -> int:
    """Return the number of the last chunk up to which everything is stored; -1: none."""
    through = -1
    for ingest in chunk_ingests(session, broadcast_id=broadcast_id):
        waiting = waiting_from_us(session, ingest_id=ingest.id)
        if waiting is None and _is_wholly_packaged(ingest):
            through = ingest.next_chunk - 1
            continue
        packaged = packaged_until_us(session, ingest_id=ingest.id, rendition=SOURCE)
        if packaged is not None:
            stored = packaged if waiting is None else min(packaged, waiting)
            through = max(through, chunk_before(ingest.id, stored - MARGIN_US))
        break
    return through


def _is_wholly_packaged(ingest: Ingest) -> bool:
    """Tell whether all media of an ingest became segments; what was unreadable did not."""
    return ingest.packaged_at is not None and "unreadable" not in ingest.shape.get("faults", [])
