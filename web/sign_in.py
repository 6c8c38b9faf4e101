"""Sign-in and sign-out: Flask-Security's views at our addresses, its form in our page.

Its own blueprint is not registered: it brings routes that this site does not offer.
"""

from typing import Any

from flask import Blueprint, render_template
from flask_security.views import login, logout

routes = Blueprint("security", __name__)  # the name under which Flask-Security looks for its views
routes.add_url_rule("/sign-in", "login", login, methods=["GET", "POST"])
routes.add_url_rule("/sign-out", "logout", logout, methods=["POST"])


def render_form(template: str, **context: Any) -> str:  # noqa: ANN401 -- as Flask-Security calls it
    """Render one of Flask-Security's forms; our templates know it as ``form``."""
    return render_template(template, form=context.get("login_user_form"), **context)
