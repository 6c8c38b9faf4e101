"""What stands beside the rows of livestreams: topics, audiences, captions, poster and sound.

One statement asks for all of it, so that a list costs the same number of queries whatever it shows.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import BindParameter, Row, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from catalog.models import LivestreamAudience, LivestreamTopic
from media.enums import TrackKind
from media.models import Asset, TextTrack

POSTER: Final = "poster"
SOUND: Final = "sound"


@dataclass(slots=True)
class Details:
    """What belongs to one livestream or its broadcast; languages and audiences are sorted."""

    topics: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    poster_key: str | None = None
    has_sound: bool = False


def details_of(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[str, Details]:
    """Return the details of rows of livestreams by the livestream's id; one query."""
    owners = {row.broadcast_id: row.id for row in rows} | {row.id: row.id for row in rows}
    found: defaultdict[str, Details] = defaultdict(Details)
    if owners:
        values = {
            "livestreams": [row.id for row in rows],
            "broadcasts": [row.broadcast_id for row in rows],
        }
        for owner, kind, value, _place in session.connection().execute(_DETAILS, values).all():
            _take(found[owners[owner]], kind, value)
    return found


def _take(details: Details, kind: str, value: str) -> None:
    match kind:
        case "topic":
            details.topics.append(value)
        case "audience":
            details.audiences.append(value)
        case "captions":
            details.captions.append(value)
        case "poster":
            details.poster_key = value
        case _:
            details.has_sound = True


_THESE: Final[BindParameter[Any]] = bindparam("livestreams", expanding=True)
_THEIR_BROADCASTS: Final[BindParameter[Any]] = bindparam("broadcasts", expanding=True)
_DETAILS: Final = union_all(
    select(
        LivestreamTopic.livestream_id.label("owner"),
        literal("topic").label("kind"),
        LivestreamTopic.topic_slug.label("value"),
        LivestreamTopic.position.label("place"),
    ).where(LivestreamTopic.livestream_id.in_(_THESE)),
    select(
        LivestreamAudience.livestream_id,
        literal("audience"),
        LivestreamAudience.audience,
        literal(0),
    ).where(LivestreamAudience.livestream_id.in_(_THESE)),
    select(TextTrack.broadcast_id, TextTrack.kind, TextTrack.language, literal(0)).where(
        TextTrack.broadcast_id.in_(_THEIR_BROADCASTS), TextTrack.kind == TrackKind.CAPTIONS
    ),
    select(Asset.broadcast_id, Asset.kind, Asset.object_key, literal(0)).where(
        Asset.broadcast_id.in_(_THEIR_BROADCASTS), Asset.kind.in_((POSTER, SOUND))
    ),
).order_by("place", "value")
