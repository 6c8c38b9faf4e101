"""Writes of searches for another host: every change compares the old state and sets the new one.

Services flush and never commit. What an accepted offer means for the livestream itself (its host,
its time, its stream key) is done by :mod:`streams.planning.services.handover`.
"""

from scheduler.substitutes.services.searches import (
    accept,
    ask_by_hand,
    ask_next_wave,
    call_off,
    decline,
    expire,
    give_up,
    open_search,
)

__all__ = [
    "accept",
    "ask_by_hand",
    "ask_next_wave",
    "call_off",
    "decline",
    "expire",
    "give_up",
    "open_search",
]
