"""What is asked for, in the language of each database. Pure.

Words hold letters and digits alone, so that nothing in them can be taken for an operator.
"""

from typing import Final

from catalog.search.rules.asking import Asked, Term

ALL, ANY = True, False


def fts5(asked: Asked, *, every: bool = ALL, field: str = "") -> str:
    """Return a query of SQLite's FTS5, in one field or in all of them."""
    body = (" AND " if every else " OR ").join(_fts5(term) for term in asked.terms)
    return f"{{{field}}} : ({body})" if field else body


def tsquery(asked: Asked, *, every: bool = ALL) -> str:
    """Return a ``tsquery`` as PostgreSQL reads it."""
    return (" & " if every else " | ").join(_tsquery(term) for term in asked.terms)


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"{"*" if term.begins else ""}'


def _tsquery(term: Term) -> str:
    more: Final = ":*" if term.begins else ""
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words})" if len(term.words) > 1 else words + more
