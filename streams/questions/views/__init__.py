"""Asking, wanting and the secret page of a question, all of it without JavaScript."""

from streams.questions.views import asking as _asking
from streams.questions.views import secret as _secret
from streams.questions.views.blueprint import pages

__all__ = ["pages"]

del _asking, _secret  # imported for their routes
