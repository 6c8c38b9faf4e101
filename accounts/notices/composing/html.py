"""The HTML of a mail: one column, no remote content, readable in the dark and at 320 pixels."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from accounts.notices.composing.colours import DARK, LIGHT
from accounts.notices.composing.footers import Footer
from accounts.notices.composing.paragraphs import Form, Paragraph
from core.words import CHINESE

HIDING: Final = "\u034f\u200c\u00a0" * 60
"""Nothing to see (a joiner, a non-joiner, a space that stays): it fills what mail programs show of
a mail in lists and on locked screens, so that the title in the text does not stand there."""
_FORMS: Final = {Form.PLAIN: "plain", Form.FACTS: "facts", Form.LIST: "list"}


def html_text(
    heading: str,
    content: Sequence[Paragraph],
    button: tuple[str, str],
    footer: Footer,
    language: str,
    *,
    site: str,
    is_discreet: bool,
) -> str:
    """Return the HTML of a mail; ``site`` is the address whose links are made links in texts."""
    return _template().render(
        language=language,
        heading=heading,
        content=[
            (_FORMS[form], [_linked(line, site) for line in lines]) for form, lines in content
        ],
        button=button,
        footer=footer,
        gap="" if language == CHINESE else " ",
        hiding=HIDING if is_discreet else "",
    )


def _linked(line: str, site: str) -> str | Markup:
    """Return a line with an address of the site at its end as a link of what stands before it."""
    if site not in line:
        return line
    found = _ending(site).fullmatch(line)
    if found is None:
        return line
    text = found["text"] or found["address"]
    return Markup('<a class="link" style="color:{}" href="{}">{}</a>').format(
        LIGHT.pine, found["address"], escape(text)
    )


@lru_cache(maxsize=8)
def _ending(site: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<text>.*?)[\s·:\uff1a]*(?P<address>{re.escape(site)}(?:/\S*)?)")


@cache
def _template() -> Template:
    """Return the template, compiled once; it knows neither Flask nor the site's own templates."""
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(Path(__file__).parent),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals.update(light=LIGHT, dark=DARK)
    return environment.get_template("mail.html")
