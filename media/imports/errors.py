"""Why a file is not taken, in words for the person who sent it."""

from typing import Final

from core.errors import _
from media.errors import MediaError, StepRefused

EMPTY: Final = _("The file is empty.")
NOT_MEDIA: Final = _(
    "This is not a video file that can be read. Save the talk as MP4, MOV, MKV, WebM or TS."
)
UNREADABLE: Final = _(
    "The file cannot be read. It may be damaged, or its end may be missing. Export it again."
)
CUT_OFF: Final = _(
    "The end of the file is missing: it says that it is longer than it is. Export it again."
)
NO_MEDIA: Final = _("The file has neither picture nor sound.")
STILL: Final = _("The file is a picture, not a recording.")
TOO_SHORT: Final = _("The recording is shorter than one second.")
TOO_LONG: Final = _("The recording is longer than eight hours. Send it in parts.")
TOO_LARGE: Final = _("The picture is larger than 4096 by 4096. Export it in a smaller size.")
TOO_FAST: Final = _("The recording has more than 120 frames a second. Export it with 30.")
TOO_MANY_TRACKS: Final = _("The file has more than 16 tracks. Export it with one of each kind.")
OTHER_CODEC: Final = _(
    "The picture or the sound uses a codec that is not known here. Export it as H.264 with AAC."
)
TOO_HEAVY: Final = _(
    "The recording takes more computing than one may ask for. "
    "Export it smaller, for example in 720p."
)
PARTS_GONE: Final = _("The file is no longer stored. Send it again.")
SHOW_BEGAN: Final = _(
    "The livestream has begun or has been recorded in the meantime, so the file was not used."
)

REPLACED: Final = _("Another file was sent in the place of this one.")


class UploadRefused(StepRefused):
    """The file can never become a recording; the message says why."""

    code = "upload_refused"


class NoRoom(MediaError):  # noqa: N818 -- says what is so; another attempt may find room
    """The disk of the worker cannot hold the file now."""


class Unfit(MediaError):  # noqa: N818 -- says what is so; the picture is encoded then
    """The picture cannot be cut where a copy would be cut."""


class RunTaken(MediaError):  # noqa: N818 -- says what is so; the next attempt takes another number
    """An encoder has begun a run in the meantime; objects may have been mixed up."""
