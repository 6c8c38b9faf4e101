"""Where notices leave: files in the home, or a mail server."""

from accounts.notices.ports import End
from core.settings import Settings


def mail_end(settings: Settings) -> End:
    """Return where mails leave: the server of ``SMTP_URL``, else files in the home."""
    raise NotImplementedError


def sms_end(settings: Settings) -> End:
    """Return where text messages leave: files in the home."""
    raise NotImplementedError
