"""Reads of offered times."""

from scheduler.slots.queries.lists import (
    EVERYTHING,
    SlotFilters,
    SlotPage,
    draft_of,
    hold_on,
    list_slots,
    one_slot,
    open_rooms,
    slot_of_livestream,
    topics_of,
)
from scheduler.slots.queries.teachers import (
    Choice,
    Clash,
    choices_for,
    clashes_of,
    nearest_choices,
    teacher_of,
)
from scheduler.slots.queries.views import Hold, SlotView

__all__ = [
    "EVERYTHING",
    "Choice",
    "Clash",
    "Hold",
    "SlotFilters",
    "SlotPage",
    "SlotView",
    "choices_for",
    "clashes_of",
    "draft_of",
    "hold_on",
    "list_slots",
    "nearest_choices",
    "one_slot",
    "open_rooms",
    "slot_of_livestream",
    "teacher_of",
    "topics_of",
]
