"""Feeds: a packager's view of a journal, per container.

A feed knows what the encoder sends (:class:`Shape`), can begin at a moment, and gives bytes that
ffmpeg reads.
"""

from media.feeds.ports import Feed, Fitness, Shape

__all__ = ["Feed", "Fitness", "Shape"]
