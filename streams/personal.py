"""What is held about people around livestreams: crews, hosts, and who watched by consent."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.personal import OURS, PROOF, WORKING, Fate, Held, by, nobody, within

APART: Final = "of somebody whom nobody can find again: known by a name of one livestream alone"

HELD: Final[Mapping[str, Held]] = MappingProxyType(
    {
        "streams_answer": Held(
            within("livestream_id", "catalog_livestream"),
            told=(
                "titles",
                "texts",
                "starts_at",
                "ends_at",
                "reviewed_at",
                "published_at",
                "created_at",
                "changed_at",
            ),
            kept_back={
                "question_id": OURS,
                "reviewer_id": "the id of a colleague",
                "version": WORKING,
                "id": OURS,
                "livestream_id": OURS,
            },
        ),
        "streams_audience_minute": nobody(
            "a number per minute",
            "livestream_id",
            "minute_at",
            "beats",
            "sample",
        ),
        "streams_caption_check": nobody(
            "a sum over captions that somebody has read through",
            "livestream_id",
            "language",
            "digest",
        ),
        "streams_device_check": Held(
            by("user_id"),
            told=("checked_at", "details"),
            kept_back={"user_id": OURS},
        ),
        "streams_grant": Held(
            by("user_id"),
            told=("device", "place", "created_at", "expires_at"),
            kept_back={"fingerprint": PROOF, "id": OURS, "broadcast_id": OURS, "user_id": OURS},
        ),
        "streams_handout": Held(
            within("livestream_id", "catalog_livestream"),
            told=("title", "kind", "size", "created_at", "removed_at"),
            kept_back={
                "sha256": WORKING,
                "place": WORKING,
                "object_key": PROOF,
                "id": OURS,
                "livestream_id": OURS,
            },
        ),
        "streams_host_notes": Held(
            within("livestream_id", "catalog_livestream"),
            told=("text", "updated_at"),
            kept_back={"livestream_id": OURS},
        ),
        "streams_key": Held(
            within("livestream_id", "catalog_livestream"),
            told=("rotated_at",),
            kept_back={"sealed": PROOF, "fingerprint": PROOF, "livestream_id": OURS},
        ),
        "streams_live_caption": nobody(
            "words that were spoken, until the captions of the recording take their place",
            "livestream_id",
            "number",
            "language",
            "starts_at",
            "text",
        ),
        "streams_mark": Held(
            within("livestream_id", "catalog_livestream"),
            told=("at", "title"),
            kept_back={"id": OURS, "livestream_id": OURS},
        ),
        "streams_poll": Held(
            within("livestream_id", "catalog_livestream"),
            told=(
                "texts",
                "choices",
                "state",
                "counts",
                "created_at",
                "opened_at",
                "closed_at",
                "released_at",
            ),
            kept_back={"id": OURS, "livestream_id": OURS},
        ),
        "streams_poll_vote": nobody(
            APART,
            "poll_id",
            "participant",
            "choice",
        ),
        "streams_position": Held(
            by("owner", "history"),
            told=("livestream_id", "seconds", "is_finished", "watched_at"),
            kept_back={"owner": "a name that only this site can make"},
        ),
        "streams_presence": Held(
            by("user_id"),
            told=("livestream_id", "came_at", "seen_at"),
            kept_back={"user_id": OURS},
        ),
        "streams_question": Held(
            by("reader_id"),
            kept_back={
                "participant": APART,
                "pseudonym": APART,
                "text": APART,
                "language": APART,
                "tier": APART,
                "state": APART,
                "reason": APART,
                "merged_into_id": APART,
                "votes": APART,
                "edit_fingerprint": APART,
                "reply": APART,
                "reply_sealed": APART,
                "replied_at": APART,
                "asked_at": APART,
                "changed_at": APART,
                "shown_at": APART,
                "on_air_at": APART,
                "answered_at": APART,
                "version": APART,
                "read_until": APART,
                "id": OURS,
                "livestream_id": OURS,
                "reader_id": OURS,
            },
            fate=Fate.UNNAMED,
            unnamed={"reader_id": None, "read_until": None},
        ),
        "streams_question_alert": nobody(
            "that a question needs somebody, and when people were told",
            "question_id",
            "raised_at",
            "crew_told_at",
            "staff_told_at",
        ),
        "streams_question_handed": nobody(
            "when a question was given to the host",
            "question_id",
            "handed_at",
        ),
        "streams_question_vote": nobody(
            APART,
            "question_id",
            "participant",
        ),
        "streams_removal": Held(
            by("host_id"),
            told=(
                "reason",
                "asked_at",
                "due_at",
                "called_off_at",
                "done_at",
                "objects",
                "size",
                "details",
            ),
            kept_back={"id": OURS, "broadcast_id": OURS, "livestream_id": OURS, "host_id": OURS},
        ),
        "streams_room": nobody(
            "the secret of a livestream, destroyed within 12 hours after it",
            "livestream_id",
            "secret",
            "version",
            "closed_at",
            "created_at",
            "destroyed_at",
        ),
        "streams_room_name": nobody(
            "of somebody whom nobody can find again: known by a name of one livestream alone",
            "livestream_id",
            "participant",
            "code",
        ),
        "streams_script_reading": Held(
            by("user_id"),
            told=("version", "read_at"),
            kept_back={"user_id": OURS},
        ),
        "streams_slides": Held(
            within("livestream_id", "catalog_livestream"),
            told=("name", "size", "uploaded_at"),
            kept_back={"sha256": WORKING, "object_key": PROOF, "livestream_id": OURS},
        ),
    }
)
