"""What is refused of a room as everybody saw it."""

from core.errors import NotFound, _


class NothingKept(NotFound):
    """No room is kept with the broadcast."""

    code = "no_room_kept"
    message = _("No questions and polls are kept of this livestream.")
