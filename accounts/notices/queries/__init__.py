"""Reads of recipients, registrations and the ledger."""

from accounts.notices.queries.ledger import (
    PAGE_ROWS,
    NoticeLine,
    find_notice,
    has_due,
    list_notices,
)

__all__ = [
    "PAGE_ROWS",
    "NoticeLine",
    "find_notice",
    "has_due",
    "list_notices",
]
