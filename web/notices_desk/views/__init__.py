"""The pages of the desk: wordings with their previews, and the mails that were sent."""

from web.notices_desk.views import previews as _previews  # noqa: F401 -- registers its routes
from web.notices_desk.views.mails import pages as mail_pages
from web.notices_desk.views.wordings import pages as wording_pages

__all__ = ["mail_pages", "wording_pages"]
