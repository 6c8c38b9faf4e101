"""Public pages of the catalogue: home, topics, series, replays, hosts, collections."""

from importlib import import_module

from catalog.views.blueprint import pages
from catalog.views.days import by_day

__all__ = ["by_day", "pages"]

for _page in ("home", "topics", "series", "replays", "hosts", "checking", "collections"):
    import_module(f"catalog.views.{_page}")
