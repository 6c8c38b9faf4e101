"""What the sending of a talk refuses, in words for the person who sends it."""

from core.errors import NotFound, WrongState, _


class NoSuchUpload(NotFound):
    """There is no such upload of this livestream."""

    code = "no_such_upload"


class TooLate(WrongState):
    """The livestream is or was on air, or will not take place."""

    code = "too_late_to_upload"
    message = _("Only a livestream that was never live takes a finished talk.")


class AnotherUpload(WrongState):
    """One file at a time comes in for a livestream."""

    code = "another_upload"
    message = _("Another file is on its way in for this livestream. Cancel it first.")


class TooManyUploads(WrongState):
    """Somebody has begun more uploads than one finishes."""

    code = "too_many_uploads"
    message = _("You have begun too many uploads. Finish or cancel one of them first.")


class NotOpen(WrongState):
    """The upload takes no more parts."""

    code = "upload_not_open"
    message = _("This upload takes no more parts.")


class PartsMissing(WrongState):
    """Not every part has arrived."""

    code = "parts_missing"
    message = _("Not every part of the file has arrived yet.")
