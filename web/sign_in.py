"""Sign-in and sign-out: Flask-Security's views at our addresses, its form in our page.

Its own blueprint is not registered: it brings routes that this site does not offer.
"""

from typing import Any

from flask import Blueprint, render_template
from flask_security import LoginForm
from flask_security.utils import validate_redirect_url
from flask_security.views import login, logout

routes = Blueprint("security", __name__)  # the name under which Flask-Security looks for its views
routes.add_url_rule("/sign-in", "login", login, methods=["GET", "POST"])
routes.add_url_rule("/sign-out", "logout", logout, methods=["POST"])


class SignInForm(LoginForm):
    """Flask-Security's form, which forgets where to return to when that is not on this site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- as in the base
        super().__init__(*args, **kwargs)
        if not validate_redirect_url(self.next.data):
            self.next.data = ""


def sign_in_page(message: str, *, back_to: str) -> str:
    """Return the page to sign in on in place of one that needs it, which is shown afterwards."""
    form = SignInForm(formdata=None)
    form.next.data = back_to
    return render_template("accounts/sign_in.html", form=form, needed=message)


def render_form(template: str, **context: Any) -> str:  # noqa: ANN401 -- as Flask-Security calls it
    """Render one of Flask-Security's forms; our templates know it as ``form``."""
    return render_template(template, form=context.get("login_user_form"), **context)
