"""Why a chunk is not taken."""

from core.errors import Refusal, WrongState, _


class NotReceiving(WrongState):
    """The livestream is not announced yet, or it is over."""

    code = "not_receiving"
    message = _("This livestream does not take media now.")


class ChunkGap(WrongState):
    """A chunk before this one is missing; ``next`` is the number that is wanted."""

    code = "chunk_gap"
    message = _("Chunk %(next)s is missing. Send it first.")

    def __init__(self, next_chunk: int) -> None:
        self.next = next_chunk
        super().__init__(None, next=next_chunk)


class NotARecording(Refusal):
    """No recording is open, and this chunk does not begin one.

    ``another_sends`` tells its sender whether another source has taken over, or nobody sends.
    """

    status = 422
    code = "not_a_recording"
    message = _("A recording begins with a WebM or MP4 header. Start the recorder again.")

    def __init__(self, *, another_sends: bool = False) -> None:
        self.another_sends = another_sends
        super().__init__()


class NodeBusy(Refusal):
    """The chunk cannot be taken now; sending it again in a moment is right."""

    status = 503
    code = "try_again"
    message = _("The server cannot take this now. The same chunk is welcome in a moment.")
