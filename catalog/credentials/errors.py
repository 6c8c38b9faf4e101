"""Refusals about applications, their documents and licences."""

from core.errors import FieldError, NotFound, Refusal, WrongState, _


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


class PagesAway(Refusal):
    """The storage of the pages cannot be reached; nothing was changed."""

    status = 503
    code = "pages_away"
    message = _("Your documents cannot be reached now. Please try again in a moment.")


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


class NothingToCheck(WrongState):
    """Nothing of this person waits: it was decided, sent back, or never sent."""

    code = "nothing_to_check"
    message = _("Nothing of this person waits for a check. Somebody may have decided it already.")


class CheckedAlready(WrongState):
    """Somebody else wrote down the same step of the check."""

    code = "checked_already"
    message = _("Somebody else confirmed this a moment ago. Look at the page again.")


class SecondPersonNeeded(WrongState):
    """The first approver may not be the second."""

    code = "second_person_needed"
    message = _("You confirmed this already. A second person has to look it up as well.")


class NoLicence(WrongState):
    """There is no licence in the state that this needs."""

    code = "no_licence"
    message = _("This person has no licence for which this can be done.")


class OpenAlready(WrongState):
    """A check is open, or the licence is granted."""

    code = "open_already"
    message = _("A check of this licence is open already, or it has been granted.")


class LicenceEnded(WrongState):
    """The licence's own end has come: a recheck cannot go beyond it."""

    code = "licence_ended"
    message = _("The licence itself has ended. Enter the new end that the register shows.")


class BadRoster(Refusal):
    """A roster that cannot be taken; ``message`` says why, ``errors`` in which lines."""

    errors: tuple[FieldError, ...] = ()
    status = 422
    code = "bad_roster"
    message = _("This roster cannot be taken.")
    signature = _("The signature does not fit this file and the key of the issuer.")
    twice = _("This file was handed in before.")
    not_utf8 = _("The file is not UTF-8 text.")
    too_large = _("The file is larger than 512 KB.")
    ended = _("This issuer's key is no longer accepted.")


class SampleMissing(WrongState):
    """Some of the sampled people were not looked up yet."""

    code = "sample_missing"
    message = _("%(left)s of the sampled people have not been looked up yet.")


class LinkOver(NotFound):
    """The link was used, replaced or never made."""

    code = "link_over"
    message = _("This link is no longer valid. Ask whoever sent it for a new one.")
