"""Why words are not taken, as whoever captions reads it."""

from core.errors import NotFound, WrongState, _


class NoReplay(WrongState):
    """There is no finished recording whose words could be written."""

    code = "no_recording"
    message = _("There is no recording yet. While it is live, captions can be typed.")


class NotOnAir(WrongState):
    """Lines are typed while a livestream is live."""

    code = "not_live"
    message = _("Captions are typed while it is live. Afterwards they are corrected.")


class NoSuchTrack(NotFound):
    """There are no captions in this language."""

    code = "no_such_captions"


class NoSuchVersion(NotFound):
    """The earlier captions are not kept any more."""

    code = "no_such_version"


class HasCaptions(WrongState):
    """Automatic captions never take the place of others."""

    code = "has_captions"
    message = _("There are captions already. Remove them first: they are kept below.")
