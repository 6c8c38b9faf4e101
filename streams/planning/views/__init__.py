"""Pages on which hosts and editors agree on time."""

from streams.planning.views.blueprint import pages

__all__ = ["pages"]
