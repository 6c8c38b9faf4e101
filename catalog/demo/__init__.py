"""Example content: topics, made-up hosts and a programme around the first start.

Its words are data in ``catalog/content``; ``content`` reads them, ``loading`` writes what is
missing and renews what is over, ``clearing`` takes everything away, media included.
"""

from catalog.demo.clearing import clear
from catalog.demo.content import LIVE_KEY
from catalog.demo.loading import livestream_to_play, load, overdue_on_air
from catalog.demo.topics import load_topics

__all__ = ["LIVE_KEY", "clear", "livestream_to_play", "load", "load_topics", "overdue_on_air"]
