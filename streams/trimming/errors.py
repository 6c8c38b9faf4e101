"""Why a recording is not cut, as whoever cuts reads it."""

from core.errors import WrongState, _


class NoRecording(WrongState):
    """There is no finished recording that could be cut."""

    code = "no_recording"
    message = _("Only the recording of a livestream that is over can be cut.")


class NothingToCut(WrongState):
    """The wish keeps all of it."""

    code = "nothing_to_cut"
    message = _("Nothing would go. The recording is cut in whole seconds.")
