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
    UPLOAD = "upload"  # a finished talk in one file


class RenditionKind(StrEnum):
    """What a rendition carries: picture and sound muxed, sound alone, or picture alone."""

    MUXED = "muxed"
    AUDIO = "audio"
    VIDEO = "video"


class PackagerMode(StrEnum):
    """Whether the picture of a run is copied as it came or encoded."""

    COPY = "copy"
    ENCODE = "encode"


class TrackKind(StrEnum):
    """What a text track says: what is spoken, or where parts begin."""

    CAPTIONS = "captions"
    CHAPTERS = "chapters"


class TrackSource(StrEnum):
    """Who made a text track."""

    HUMAN = "human"
    LIVE = "live"  # by a person, while it was said
    AUTOMATIC = "automatic"
    CORRECTED = "corrected"  # automatic, then corrected by a person


class UploadState(StrEnum):
    """A finished talk on its way in."""

    OPEN = "open"  # parts are coming
    RECEIVED = "received"  # all parts are stored, nobody has looked inside
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
