"""Icons, topic marks and line drawings; a page carries only the symbols it uses.

Templates call :func:`icon`, :func:`mark` and :func:`art`; each notes what it used, and
:func:`sprite` at the end of the page writes those symbols. ``templates/symbols.svg`` is their one
source.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from flask import g
from markupsafe import Markup, escape

SOURCE = Path(__file__).parent / "templates" / "symbols.svg"
FALLBACK_TOPIC = (
    "psychosis"  # two circles that meet: quiet enough for a topic without its own lines
)


def icon(name: str, classes: str = "icon") -> Markup:
    """Return an icon that stands beside words and is silent."""
    return _use(_used(f"i-{name}"), classes, "")


def verified(label: str) -> Markup:
    """Return the badge of a checked licence, with its meaning for ears."""
    return _badge(_used("i-verified"), label)


def mark(slug: str, classes: str = "mark") -> Markup:
    """Return the small mark of a topic."""
    return _use(_used(_drawn("m", slug)), classes, slug)


def art(slug: str, classes: str) -> Markup:
    """Return the line drawing of a topic, which fills a 16:9 frame."""
    return _frame(_used(_drawn("art", slug)), classes)


@lru_cache(maxsize=1024)
def _use(symbol: str, classes: str, topic: str) -> Markup:
    """Return what draws a symbol; kept, as the rows of a page ask for the same ones."""
    of_topic = Markup(' data-topic="{}"').format(topic) if topic else ""
    return Markup('<svg class="{}"{} aria-hidden="true"><use href="#{}"/></svg>').format(
        classes, of_topic, symbol
    )


@lru_cache(maxsize=64)
def _badge(symbol: str, label: str) -> Markup:
    return Markup(
        '<svg class="verified" role="img" aria-label="{}"><use href="#{}"/></svg>'
    ).format(label, symbol)


@lru_cache(maxsize=256)
def _frame(symbol: str, classes: str) -> Markup:
    return Markup(
        '<svg class="{}" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true"><use href="#{}"/></svg>'
    ).format(classes, symbol)


def sprite() -> Markup:
    """Return the symbols that the page used so far."""
    symbols = "".join(all_symbols()[name] for name in sorted(g.get("symbols", ())))
    return Markup('<svg class="sprite" aria-hidden="true">{}</svg>').format(Markup(symbols))  # noqa: S704 -- our own file


@cache
def all_symbols() -> dict[str, str]:
    """Return every symbol's markup by its id."""
    found = re.findall(r'(<symbol id="([^"]+)".*?</symbol>)', SOURCE.read_text("utf-8"), re.DOTALL)
    return {str(escape(name)): markup for markup, name in found}


def _drawn(kind: str, slug: str) -> str:
    name = f"{kind}-{slug}"
    return name if name in all_symbols() else f"{kind}-{FALLBACK_TOPIC}"


def _used(name: str) -> str:
    used: set[str] | None = g.get("symbols")
    if used is None:
        used = g.symbols = set()
    used.add(name)
    return name
