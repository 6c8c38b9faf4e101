"""What can go wrong with media, as its readers see it."""

from core.errors import NotFound, Refusal, _


class MediaError(Exception):
    """The family of media faults that are not an answer to a person."""


class NoSuchMedia(NotFound):
    """The address is none of ours, or nothing is stored under it."""

    code = "no_such_media"


class NotYetPlayable(NotFound):
    """The broadcast has no segment of every rendition yet; asking again in a second is right."""

    code = "not_yet_playable"
    message = _("There is nothing to play yet.")


class NotAMediaKeyError(MediaError, ValueError):
    """A part of our own program tried to name an object outside the grammar of keys."""

    def __init__(self, key: str) -> None:
        super().__init__(f"not a media key: {key!r}")


class StorageUnavailable(MediaError):  # noqa: N818 -- says what is so; the caller decides
    """Object storage cannot be reached or answered with a fault; trying again later is right."""

    def __init__(self, key: str, why: str = "") -> None:
        self.key = key
        super().__init__(f"{key}: {why or 'object storage cannot be reached'}")


class ObjectMissing(MediaError):  # noqa: N818 -- an answer, not always a fault
    """Object storage answered, and there is no such object; trying again changes nothing."""


class StepRefused(Refusal):
    """A background step can never succeed on this input; the message says why to a person."""

    status = 409
    code = "step_refused"
    message = _("This cannot be made from the recording.")


class LeaseLostError(MediaError):
    """Another owner has the broadcast: this one must stop writing at once."""

    def __init__(self, broadcast_id: str) -> None:
        super().__init__(f"the lease of broadcast {broadcast_id} is lost")


class StepStopped(MediaError):  # noqa: N818 -- not a fault: the worker ends, or lost the work
    """The step must end now and leave nothing behind; somebody will take it up again."""


class StepTooSlow(MediaError):  # noqa: N818 -- says what is so
    """The step took longer than it may."""
