"""What is held about people's hours, duties and reservations."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.personal import OURS, WORKING, Fate, Held, by, nobody, within

HELD: Final[Mapping[str, Held]] = MappingProxyType(
    {
        "scheduler_bulletin": Held(
            within("livestream_id", "catalog_livestream"),
            kept_back={
                "revision": WORKING,
                "facts": WORKING,
                "seen": WORKING,
                "looked_at": WORKING,
                "pending_since": WORKING,
                "changed_at": WORKING,
                "livestream_id": OURS,
            },
        ),
        "scheduler_cell": Held(
            by("resource_id"),
            kept_back={
                "number": "the time of a reservation once more",
                "resource_id": OURS,
                "reservation_id": OURS,
            },
        ),
        "scheduler_dated_hours": Held(
            by("person_id"),
            told=("day", "start_minute", "end_minute", "note"),
            kept_back={"person_id": OURS},
        ),
        "scheduler_duty": Held(
            by("moderator_id"),
            told=("state", "reason", "created_at", "updated_at"),
            kept_back={
                "assigned_by": "the id of a colleague",
                "id": OURS,
                "livestream_id": OURS,
                "moderator_id": OURS,
            },
        ),
        "scheduler_mailing": Held(
            within("livestream_id", "catalog_livestream"),
            kept_back={
                "kind": WORKING,
                "revision": WORKING,
                "facts": WORKING,
                "cursor": WORKING,
                "due_at": WORKING,
                "created_at": WORKING,
                "done_at": WORKING,
                "id": OURS,
                "livestream_id": OURS,
            },
        ),
        "scheduler_occurrence": Held(
            within("livestream_id", "catalog_livestream"),
            told=("original_local_start", "is_changed"),
            kept_back={"livestream_id": OURS, "recurrence_id": OURS},
        ),
        "scheduler_offer": Held(
            by("host_id"),
            told=("wave", "rank", "reasons", "state", "asked_at", "expires_at", "answered_at"),
            kept_back={"id": OURS, "search_id": OURS, "host_id": OURS},
        ),
        "scheduler_person_time": Held(
            by("person_id"),
            told=("timezone", "buffer_before", "buffer_after", "previous", "updated_at"),
            kept_back={"version": WORKING, "person_id": OURS},
        ),
        "scheduler_recurrence": Held(
            by("host_id"),
            told=(
                "frequency",
                "every",
                "weekday",
                "nth",
                "local_time",
                "timezone",
                "minutes",
                "starts_on",
                "times",
                "created_at",
                "updated_at",
            ),
            kept_back={
                "created_by": "the id of a colleague",
                "id": OURS,
                "series_id": OURS,
                "host_id": OURS,
            },
        ),
        "scheduler_reservation": Held(
            within("subject_id", "catalog_livestream"),
            told=("kind", "state", "starts_at", "ends_at", "created_at", "updated_at"),
            kept_back={
                "buffer_before": WORKING,
                "buffer_after": WORKING,
                "expires_at": WORKING,
                "holder_id": "the id of a colleague",
                "id": OURS,
                "subject_id": OURS,
            },
        ),
        "scheduler_reserved_resource": Held(
            by("resource_id"),
            told=("part", "starts_at"),
            kept_back={"reservation_id": OURS, "resource_id": OURS},
        ),
        "scheduler_room": nobody(
            "a room in a house",
            "id",
            "names",
            "note",
            "is_example",
            "created_at",
            "closed_at",
        ),
        "scheduler_search": Held(
            by("leaver_id"),
            told=("reason", "state", "opened_at", "closed_at"),
            kept_back={
                "wave": WORKING,
                "next_wave_at": WORKING,
                "id": OURS,
                "livestream_id": OURS,
                "leaver_id": OURS,
            },
        ),
        "scheduler_sent_back": Held(
            by("by"),
            told=("reason", "at"),
            kept_back={"id": OURS, "livestream_id": OURS, "by": OURS},
            fate=Fate.UNNAMED,
            unnamed={"by": None},
        ),
        "scheduler_slot": Held(
            by("published_by"),
            told=(
                "titles",
                "descriptions",
                "language",
                "scope",
                "starts_at",
                "ends_at",
                "timezone",
                "state",
                "created_at",
                "updated_at",
            ),
            kept_back={
                "local_start": WORKING,
                "local_fold": WORKING,
                "is_example": WORKING,
                "id": OURS,
                "room_id": OURS,
                "livestream_id": OURS,
                "published_by": OURS,
            },
            fate=Fate.UNNAMED,
            unnamed={"published_by": None},
        ),
        "scheduler_slot_topic": nobody(
            "words of the programme",
            "slot_id",
            "topic_slug",
            "position",
        ),
        "scheduler_weekly_hours": Held(
            by("person_id"),
            told=("weekday", "start_minute", "end_minute"),
            kept_back={"person_id": OURS},
        ),
        "scheduler_zone_data": nobody(
            "the version of the zone data",
            "version",
            "applied_at",
            "moved",
        ),
    }
)
