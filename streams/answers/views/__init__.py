"""The pages of the answer library."""

from streams.answers.views import editing as _editing
from streams.answers.views import reading as _reading
from streams.answers.views.blueprint import pages

__all__ = ["pages"]

_ROUTES = (_editing, _reading)
