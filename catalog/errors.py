"""What the catalogue refuses, beside the refusals every room shares."""

from core.errors import Refusal, _


class NotEditable(Refusal):
    """The livestream has gone too far for this change."""

    status = 409
    code = "wrong_state"
    message = _("A livestream that is %(state)s can no longer be changed in: %(fields)s.")
