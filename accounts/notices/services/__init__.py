"""Writes of recipients, registrations and the ledger. Services flush and never commit."""

from accounts.notices.services.posting import Posting, Reader, post, post_many, post_to_user
from accounts.notices.services.recipients import recipient_of_address, recipient_of_user
from accounts.notices.services.registrations import ask, confirm, end, reopen

__all__ = [
    "Posting",
    "Reader",
    "ask",
    "confirm",
    "end",
    "post",
    "post_many",
    "post_to_user",
    "recipient_of_address",
    "recipient_of_user",
    "reopen",
]
