"""Messages in templates, in the language of the page.

Flask-Babel's own functions look for the application, the locale and the catalogue at every call; a
page has some two hundred messages, and that search was most of its time.
"""

from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from markupsafe import Markup

from web.assets import TRANSLATIONS
from web.language import LOCALES, current_language


def gettext(message: str, **params: Any) -> Markup:  # noqa: ANN401 -- whatever a message names
    """Return a message in the language of the page; what it names is escaped."""
    text = Markup(messages_in(current_language()).gettext(message))  # noqa: S704 -- our own words
    return text % params if params else text


def ngettext(singular: str, plural: str, num: int, **params: Any) -> Markup:  # noqa: ANN401 -- as above
    """Return the form of a message that goes with ``num``, which the message may name."""
    found = messages_in(current_language()).ngettext(singular, plural, num)
    return Markup(found) % {"num": num, **params}  # noqa: S704 -- as above


@cache
def messages_in(language: str) -> NullTranslations:
    """Return the messages of a language; reads its file once."""
    return Translations.load(TRANSLATIONS, [LOCALES[language]])
