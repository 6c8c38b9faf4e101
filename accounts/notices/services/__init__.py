"""Writes of recipients, registrations and the ledger. Services flush and never commit."""

from accounts.notices.services.choices import choose, choose_texts, place_recipient, switch_off
from accounts.notices.services.posting import (
    Posting,
    Reader,
    post,
    post_many,
    post_to_staff,
    post_to_user,
    post_to_users,
)
from accounts.notices.services.recipients import recipient_of_address, recipient_of_user
from accounts.notices.services.registrations import ask, confirm, end, reopen
from accounts.notices.services.steering import drop, retry

__all__ = [
    "Posting",
    "Reader",
    "ask",
    "choose",
    "choose_texts",
    "confirm",
    "drop",
    "end",
    "place_recipient",
    "post",
    "post_many",
    "post_to_staff",
    "post_to_user",
    "post_to_users",
    "recipient_of_address",
    "recipient_of_user",
    "reopen",
    "retry",
    "switch_off",
]
