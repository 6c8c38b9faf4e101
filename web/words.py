"""Messages in templates, in the language of the page.

Flask-Babel's own functions look for the application, the locale and the catalogue at every call; a
page has some two hundred messages, and that search was most of its time.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from markupsafe import Markup

from core.places import LOCALES
from web.assets import TRANSLATIONS
from web.language import current_language


def gettext(message: str, **params: Any) -> Markup:  # noqa: ANN401 -- whatever a message names
    """Return a message in the language of the page; what it names is escaped."""
    return functions_in(current_language())["_"](message, **params)


def ngettext(singular: str, plural: str, num: int, **params: Any) -> Markup:  # noqa: ANN401 -- as above
    """Return the form of a message that goes with ``num``, which the message may name."""
    return functions_in(current_language())["ngettext"](singular, plural, num, **params)


@cache
def functions_in(language: str) -> dict[str, Callable[..., Markup]]:
    """Return the functions of messages for the pages of one language, by their names there.

    A page is given them, so that not each of its messages looks for the language again.
    """

    def in_one(message: str, **params: Any) -> Markup:  # noqa: ANN401 -- whatever a message names
        text = _text(language, message)
        return text % params if params else text

    def counted(singular: str, plural: str, num: int, **params: Any) -> Markup:  # noqa: ANN401 -- as above
        return _form(language, singular, plural, num) % {"num": num, **params}

    return {"_": in_one, "gettext": in_one, "ngettext": counted}


@lru_cache(maxsize=4096)
def _form(language: str, singular: str, plural: str, num: int) -> Markup:
    """Return the form that goes with a number."""
    return Markup(messages_in(language).ngettext(singular, plural, num))  # noqa: S704 -- our own words


@lru_cache(maxsize=4096)
def _text(language: str, message: str) -> Markup:
    """Return a message; a page asks for the same few ones many times."""
    return Markup(messages_in(language).gettext(message))  # noqa: S704 -- our own words


@cache
def messages_in(language: str) -> NullTranslations:
    """Return the messages of a language; reads its file once."""
    return Translations.load(TRANSLATIONS, [LOCALES[language]])
