"""A livestream's life: every event moves the livestream and its broadcast at once, or neither.

Services flush and never commit; a caller that races another gets :class:`NotInThisState`, never
half a move. Whoever asks is checked before, in :mod:`catalog.access`.
"""

from streams.life.services.acts import (
    cancel,
    check_gate,
    check_release,
    close_window,
    create_livestream,
    drained,
    encoder_arrived,
    encoder_left,
    end,
    imported,
    miss,
    propose,
    publish,
    restore,
    schedule,
    send_back,
    start,
)
from streams.life.services.edits import edit_livestream
from streams.life.services.moves import apply_event

__all__ = [
    "apply_event",
    "cancel",
    "check_gate",
    "check_release",
    "close_window",
    "create_livestream",
    "drained",
    "edit_livestream",
    "encoder_arrived",
    "encoder_left",
    "end",
    "imported",
    "miss",
    "propose",
    "publish",
    "restore",
    "schedule",
    "send_back",
    "start",
]
