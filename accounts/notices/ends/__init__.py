"""Where notices leave: files in the home, or a mail server."""

from accounts.notices.ends.files import FileEnd
from accounts.notices.ends.reserved import ReservedToFiles
from accounts.notices.ends.smtp import SmtpEnd, server_of
from accounts.notices.enums import Channel
from accounts.notices.ports import End
from core.settings import Settings

__all__ = ["FileEnd", "ReservedToFiles", "SmtpEnd", "mail_end", "server_of", "sms_end"]


def mail_end(settings: Settings) -> End:
    """Return where mails leave: the server of ``SMTP_URL``, else files in the home."""
    files = FileEnd(settings.mail, Channel.MAIL)
    if not settings.smtp_url:
        return files
    return ReservedToFiles(SmtpEnd(server_of(settings.smtp_url), settings.sender), files)


def sms_end(settings: Settings) -> End:
    """Return where text messages leave: files in the home."""
    return FileEnd(settings.mail, Channel.SMS)
