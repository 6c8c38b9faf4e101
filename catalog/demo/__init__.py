"""Example content: topics, made-up hosts and a programme around the present moment."""

from catalog.demo.content import LIVE_KEY
from catalog.demo.loading import clear, livestream_to_play, load, load_topics

__all__ = ["LIVE_KEY", "clear", "livestream_to_play", "load", "load_topics"]
