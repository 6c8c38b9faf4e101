"""Writes of registrations. Services flush and never commit."""

from scheduler.registrations.services.asking import Asked, ask_again, ask_by_mail, ask_for_account
from scheduler.registrations.services.confirming import confirm_from_mail
from scheduler.registrations.services.keeping import erase, forget_old, renew_links

__all__ = [
    "Asked",
    "ask_again",
    "ask_by_mail",
    "ask_for_account",
    "confirm_from_mail",
    "erase",
    "forget_old",
    "renew_links",
]
