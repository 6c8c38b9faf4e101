"""Pages on which viewers ask to be reminded, say yes from a mail, and see all they asked for."""

from scheduler.registrations.views import account as _account
from scheduler.registrations.views import confirm as _confirm
from scheduler.registrations.views import erase as _erase
from scheduler.registrations.views import export as _export
from scheduler.registrations.views import mine as _mine
from scheduler.registrations.views import remind as _remind
from scheduler.registrations.views.blueprint import pages

__all__ = ["pages"]

del _account, _confirm, _erase, _export, _mine, _remind  # imported for their routes
