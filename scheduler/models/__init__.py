"""Tables of time: hours, reservations, slots, duties, recurrences, searches, what was told."""

from scheduler.models.duties import Duty, Room
from scheduler.models.grid import Cell, Reservation, ReservedResource
from scheduler.models.hours import DatedHours, PersonTime, WeeklyHours
from scheduler.models.notices import Bulletin, CalendarFeed, Mailing
from scheduler.models.programme import Occurrence, Recurrence, SentBack, ZoneData
from scheduler.models.slots import Slot, SlotTopic
from scheduler.models.substitutes import Offer, Search

__all__ = [
    "Bulletin",
    "CalendarFeed",
    "Cell",
    "DatedHours",
    "Duty",
    "Mailing",
    "Occurrence",
    "Offer",
    "PersonTime",
    "Recurrence",
    "Reservation",
    "ReservedResource",
    "Room",
    "Search",
    "SentBack",
    "Slot",
    "SlotTopic",
    "WeeklyHours",
    "ZoneData",
]
