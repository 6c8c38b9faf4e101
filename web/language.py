"""Languages of the site: English at ``/…``, Simplified Chinese at ``/zh/…``.

The prefix is taken off before routing and becomes ``SCRIPT_NAME``: every page exists in both
languages with one route, and ``url_for`` on a Chinese page gives Chinese addresses by itself.
Addresses without a language (the API, media, assets, health) never carry the prefix. The API reads
``Accept-Language``.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, gettext

from core.places import LOCALES
from core.words import CHINESE, ENGLISH

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/zh"
WITHOUT_LANGUAGE = ("/api/", "/media/", "/static/", "/internal/", "/healthz", "/readyz", "/metrics")
CHOICE = "in"
"""The parameter by which a link asks for a language and has the choice kept."""
ACCEPTED = {"en": ENGLISH, "zh-Hans": CHINESE, "zh-CN": CHINESE, "zh-SG": CHINESE, "zh": CHINESE}


class LanguagePrefix:
    """WSGI middleware that moves ``/zh`` from the path to the script name."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self.inner = inner

    def __call__(self, environ: "WSGIEnvironment", respond: "StartResponse") -> Iterable[bytes]:
        """Pass the request on without its language."""
        path = environ.get("PATH_INFO", "")
        rest = path.removeprefix(PREFIX)
        if rest != path and rest[:1] in {"", "/"} and not has_no_language(rest):
            environ["SCRIPT_NAME"] = PREFIX
            environ["PATH_INFO"] = rest or "/"
        return self.inner(environ, respond)


def has_no_language(path: str) -> bool:
    """Tell whether the address is the same in every language."""
    return path.startswith(WITHOUT_LANGUAGE)


def current_language() -> str:
    """Return the language tag of the present request, ``en`` or ``zh-Hans``."""
    if not has_request_context():
        return ENGLISH
    language: str | None = g.get("language")
    if language is None:
        language = g.language = _requested_language()
    return language


def address_in(language: str) -> str:
    """Return the address of the present page in ``language``, with its query."""
    prefix = PREFIX if language == CHINESE else ""
    query = _query_without_choice()
    return f"{prefix}/{quote(request.path.lstrip('/'))}{f'?{query}' if query else ''}"


def switch_to(language: str) -> str:
    """Return the address that shows the present page in ``language`` and has that kept."""
    query = _query_without_choice()
    rest = f"&{query}" if query else ""
    return f"{request.script_root}/{quote(request.path.lstrip('/'))}?{CHOICE}={language}{rest}"


def _query_without_choice() -> str:
    if not request.query_string:
        return ""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != CHOICE]
    return urlencode(pairs)


def translate(message: str, params: Mapping[str, object]) -> str:
    """Return ``message``, a template that is its own translation key, in the present language."""
    return str(gettext(message, **params))


def set_up_language(app: Flask) -> None:
    """Choose the translations by the present language."""
    inner = app.wsgi_app
    app.wsgi_app = LanguagePrefix(inner)  # type: ignore[method-assign,assignment]  # Flask's way
    Babel(app, locale_selector=lambda: LOCALES[current_language()])
    app.context_processor(_language_context)


def _requested_language() -> str:
    if has_no_language(request.path):
        best = request.accept_languages.best_match(ACCEPTED, default="en")
        return ACCEPTED[best]
    return CHINESE if request.script_root == PREFIX else ENGLISH


def _language_context() -> dict[str, Any]:
    return {
        "language": current_language(),
        "address_in": address_in,
        "switch_to": switch_to,
    }
