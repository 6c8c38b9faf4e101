"""Reads of who could host something."""

from scheduler.matching.queries.matches import (
    MOST,
    Matches,
    could_host_if_asked,
    who_could_host,
)

__all__ = ["MOST", "Matches", "could_host_if_asked", "who_could_host"]
