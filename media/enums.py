"""The states and kinds of media rows."""

from enum import StrEnum


class BroadcastState(StrEnum):
    """``idle`` has no encoder yet, ``interrupted`` waits for one to come back."""

    IDLE = "idle"
    RECEIVING = "receiving"
    INTERRUPTED = "interrupted"
    ENDED = "ended"


class IngestKind(StrEnum):
    """How the bytes of an encoder connection arrive, and so their container."""

    RTMP = "rtmp"  # FLV tags
    CHUNKS = "chunks"  # WebM or MP4 in numbered pieces


class RenditionKind(StrEnum):
    """What a rendition carries: picture and sound muxed, or sound alone."""

    MUXED = "muxed"
    AUDIO = "audio"


class PackagerMode(StrEnum):
    """Whether the picture of a run is copied as it came or encoded."""

    COPY = "copy"
    ENCODE = "encode"
