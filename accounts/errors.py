"""Refusals of the accounts room."""

from core.errors import NotFound, Refusal, WrongState, _


class EmailTaken(WrongState):
    """Somebody has this address already."""

    code = "email_taken"
    message = _("There is an account with this email address already.")


class NoSuchUser(NotFound):
    """Nobody has this address."""

    code = "no_such_user"
    message = _("There is no account with this email address.")


class NoSuchOrganisation(NotFound):
    """No organisation has this slug."""

    code = "no_such_organisation"
    message = _("There is no organisation with this name.")


class BadEmail(Refusal):
    """The text is no email address."""

    status = 422
    code = "bad_email"
    message = _("This is not an email address.")


class WeakPassword(Refusal):
    """The password is too short or too long."""

    status = 422
    code = "weak_password"
    message = _("A password has %(least)s to %(most)s characters.")


class RoleNeedsOrganisation(Refusal):
    """A role within an organisation was given without one, or the other way round."""

    status = 422
    code = "role_needs_organisation"
    message = _("The role %(role)s is held in an organisation; say in which one.")


class DemoOnOpenListener(Refusal):
    """Known passwords must not be reachable from outside this machine."""

    code = "demo_on_open_listener"
    message = _(
        "Demo accounts have known passwords, and %(bind)s can be reached from outside. "
        "Use BIND=127.0.0.1, or MINDCAST_DEMO=0 and `mindcast demo clear`."
    )
