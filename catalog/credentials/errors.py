"""Refusals about applications, their documents and licences."""

from core.errors import NotFound, Refusal, WrongState, _


class NoSuchApplication(NotFound):
    """The person has none."""

    code = "no_such_application"
    message = _("You have not begun an application yet.")


class NoSuchDocument(NotFound):
    """There is no such page, it was removed, or the asker may not know of it."""

    code = "no_such_document"
    message = _("This page is not here. It may have been removed.")


class ApplicationClosed(WrongState):
    """It was sent or decided: nothing can be changed in it now."""

    code = "application_closed"
    message = _("Your application has been sent, so it cannot be changed now.")


class AlreadyHost(WrongState):
    """The person has a licence that was granted."""

    code = "already_host"
    message = _("Your licence has been checked already. You can host.")


class TooManyPages(WrongState):
    """An application has room for a few pages."""

    code = "too_many_pages"
    message = _("There is room for %(most)s pages. Remove one first.")


class BadPage(Refusal):
    """An upload that cannot be kept as a page of a licence."""

    status = 422
    code = "bad_page"
    message = _("This file cannot be used.")
    empty = _("This file is empty.")
    too_large = _("This file is larger than 10 MB. A photo of the page is enough.")
    other_kind = _("This is not a PDF, JPG or PNG file.")
    too_many_pixels = _("This picture is too large. Take a photo with a smaller size.")
    broken = _("This file is damaged or not complete. Save or photograph the page again.")
    encrypted = _("This PDF has a password. Save it without one, or take a photo of the page.")
    active = _(
        "This PDF holds a script, a form or another file. "
        "Print it to a new PDF, or take a photo of the page."
    )
    unreadable = _(
        "This PDF cannot be checked. Print it to a new PDF, or take a photo of the page."
    )
