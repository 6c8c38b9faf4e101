"""Captions are media: whoever may not play may not read either."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models import Livestream
from media.enums import TrackKind, TrackSource
from media.models import TextTrack
from media.paths import url_of_key
from media.tracks import keep_track
from streams.playback.access import COOKIE
from tests.streams.playback.conftest import WatchedStorage, World, shown

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("present")]

SPOKEN = [(0, 1000, "PRIVATE words.")]


def spoken_in(
    session: Session, world: World, storage: WatchedStorage, livestream: Livestream
) -> TextTrack:
    return keep_track(
        session,
        storage,
        broadcast_id=livestream.broadcast_id,
        kind=TrackKind.CAPTIONS,
        language="en",
        source=TrackSource.HUMAN,
        cues=SPOKEN,
        now=world.now,
    )


def test_captions_of_a_private_broadcast_need_its_grant(
    client: FlaskClient,
    session: Session,
    world: World,
    storage: WatchedStorage,
    private: Livestream,
) -> None:
    track = spoken_in(session, world, storage, private)
    address = url_of_key(track.object_key)
    assert shown(client.get(address)) == (404, b"", "no-store")
    token = world.grant(private, device="laptop")
    client.set_cookie(COOKIE, token, path=f"/media/{private.broadcast_id}/")
    answer = client.get(address)
    assert shown(answer) == (200, storage.objects[track.object_key][0], "private, no-cache")
    assert answer.content_type == "text/vtt; charset=utf-8"


def test_captions_of_a_public_broadcast_are_kept_for_ever_and_old_ones_are_gone(
    client: FlaskClient, session: Session, world: World, storage: WatchedStorage, public: Livestream
) -> None:
    track = spoken_in(session, world, storage, public)
    old = url_of_key(track.object_key)
    assert client.get(old).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    keep_track(
        session,
        storage,
        broadcast_id=public.broadcast_id,
        kind=TrackKind.CAPTIONS,
        language="en",
        source=TrackSource.CORRECTED,
        cues=[(0, 1000, "Other words.")],
        now=world.now,
    )
    found = [client.get(address).status_code for address in (old, url_of_key(track.object_key))]
    assert found == [404, 200]
