from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from media.enums import TrackKind, TrackSource
from media.errors import StorageUnavailable
from media.models import TextTrack
from media.tracks import keep_track, tracks_of
from media.webvtt import WebvttInvalidError, parse_webvtt
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration

VTT = "text/vtt; charset=utf-8"
CUES = [(0, 1500, "Hello."), (1500, 4000, "You are <not> alone & that is so.")]


def keep(
    session: Session,
    storage: MemoryStorage,
    broadcast_id: str,
    now: datetime,
    language: str = "en",
    cues: list[tuple[int, int, str]] = CUES,
) -> TextTrack:
    return keep_track(
        session,
        storage,
        broadcast_id=broadcast_id,
        kind=TrackKind.CAPTIONS,
        language=language,
        source=TrackSource.HUMAN,
        cues=cues,
        now=now,
    )


def test_a_track_is_a_row_and_an_object_that_say_the_same(session: Session, now: datetime) -> None:
    storage, show = MemoryStorage(), Show(session, now, "source")
    track = keep(session, storage, show.id, now, language="zh-Hans")
    key = f"broadcasts/{show.id}/assets/captions-zh-hans-{track.sha256[:8]}.vtt"
    data, content_type = storage.objects[key]
    assert (track.object_key, track.size, content_type) == (key, len(data), VTT)
    assert [tuple(cue) for cue in parse_webvtt(data.decode())] == CUES
    assert track.cues == [list(cue) for cue in CUES]


def test_a_track_takes_the_place_of_the_last_one(session: Session, now: datetime) -> None:
    storage, show = MemoryStorage(), Show(session, now, "source")
    first = keep(session, storage, show.id, now)
    old = first.object_key
    later = now + timedelta(days=1)
    second = keep(session, storage, show.id, later, cues=[(0, 900, "Good evening.")])
    keep(session, storage, show.id, now, language="zh-Hans")
    rows = session.scalars(select(TextTrack.id).where(TextTrack.broadcast_id == show.id)).all()
    assert (second.id, second.created_at, len(rows)) == (first.id, later, 2)
    assert second.object_key != old
    assert [one.language for one in tracks_of(session, show.id)] == ["en", "zh-Hans"]


def test_a_track_that_makes_no_sense_or_cannot_be_stored_changes_nothing(
    session: Session, now: datetime
) -> None:
    storage, show = MemoryStorage(), Show(session, now, "source")
    with pytest.raises(WebvttInvalidError):
        keep(session, storage, show.id, now, cues=[(1000, 900, "Back to front.")])
    storage.away = True
    with pytest.raises(StorageUnavailable):
        keep(session, storage, show.id, now)
    assert (tracks_of(session, show.id), storage.objects) == ([], {})
