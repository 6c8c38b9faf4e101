"""Reads of registrations and of the links that lead to them."""

from scheduler.registrations.queries.items import (
    Item,
    Page,
    item_of,
    items_of,
    page_of,
    standing_of,
)
from scheduler.registrations.queries.links import (
    Linked,
    recipient_linked,
    registration_linked,
)
from scheduler.registrations.queries.wishes import Wishes, wishes_of, wishes_of_user

__all__ = [
    "Item",
    "Linked",
    "Page",
    "Wishes",
    "item_of",
    "items_of",
    "page_of",
    "recipient_linked",
    "registration_linked",
    "standing_of",
    "wishes_of",
    "wishes_of_user",
]
