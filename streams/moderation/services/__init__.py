"""Writes of the desk: take a question, decide on it, undo that, close the door, raise an alert.

Services flush and never commit. A question itself is changed by ``streams.questions`` alone.
"""

from streams.moderation.services.alerting import raise_alerts
from streams.moderation.services.deciding import Wish, carry_out, is_undoable, undo
from streams.moderation.services.reading import set_door, take

__all__ = ["Wish", "carry_out", "is_undoable", "raise_alerts", "set_door", "take", "undo"]
