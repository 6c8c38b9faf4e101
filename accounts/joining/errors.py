"""Refusals on the way into an account and out of it."""

from core.errors import NotAllowed, NotFound, Refusal, WrongState, _


class LinkUseless(NotFound):
    """The link is broken, too old, or was used; which of them is not told."""

    code = "link_useless"
    message = _("This link does not work any more. It may have been used, or it is too old.")


class PasskeyRefused(Refusal):
    """The browser's proof does not hold."""

    code = "passkey_refused"
    message = _("This passkey could not be checked. Please try again.")


class LastWayIn(WrongState):
    """Without it nobody could sign in to the account any more."""

    code = "last_way_in"
    message = _(
        "This is the only way into your account. Add an address or another passkey first, "
        "or delete the account."
    )


class TooManyPasskeys(WrongState):
    """There are as many as one person can have."""

    code = "too_many_passkeys"
    message = _("There are %(most)s passkeys already. Remove one first.")


class WrongPassword(NotAllowed):
    """The password is not that of the account."""

    code = "wrong_password"
    message = _("This is not the password of your account.")


class StillHosting(WrongState):
    """An account cannot be deleted while others wait for its livestreams."""

    code = "still_hosting"
    message = _(
        "People are waiting for livestreams of yours. Cancel them, or hand them over, "
        "and then delete your account."
    )


class LastAdministrator(WrongState):
    """Nobody would look after the installation any more."""

    code = "last_administrator"
    message = _("You are the only administrator. Give somebody else that role first.")
