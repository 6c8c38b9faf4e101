"""The page of a replay as the server draws it: it works without a script, but for the picture."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.enums import LivestreamState, Visibility
from catalog.models import Host, Livestream
from media.enums import RenditionKind, TrackKind, TrackSource
from media.models import Asset, Broadcast, Rendition, TextTrack
from media.paths import asset_key
from media.tracks import keep_track
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration

CAPTIONS = [(0, 2000, "Good evening."), (61_000, 64_000, "Sleep needs <time> & a dark room.")]
CHAPTERS = [(0, 60_000, "Welcome"), (60_000, 90_000, "What helps")]


@pytest.fixture
def replay(session: Session, now: datetime) -> Livestream:
    """Return a public replay without anything besides its picture."""
    person = User(email="host@recordings.example", created_at=now)
    session.add(person)
    session.flush()
    host = Host(id=person.id, names={"en": "Dr. Example"})
    show = Show(session, now, "source", "sound")
    show.begin_run(0)
    show.add()
    show.end()
    session.add(host)
    session.flush()
    made = Livestream(
        titles={"en": "Sleep"},
        language="en",
        host_id=host.id,
        starts_at=now,
        ends_at=show.clock,
        timezone="UTC",
        local_start="2026-03-10T18:00:00",
        state=LivestreamState.PUBLISHED,
        visibility=Visibility.PUBLIC,
        broadcast_id=show.id,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def keep(session: Session, now: datetime) -> Callable[..., TextTrack]:
    """Return what keeps a track of a livestream."""

    def keep_one(
        livestream: Livestream,
        kind: TrackKind = TrackKind.CAPTIONS,
        language: str = "en",
        source: TrackSource = TrackSource.HUMAN,
        cues: list[tuple[int, int, str]] = CAPTIONS,
    ) -> TextTrack:
        return keep_track(
            session,
            MemoryStorage(),
            broadcast_id=livestream.broadcast_id,
            kind=kind,
            language=language,
            source=source,
            cues=cues,
            now=now,
        )

    return keep_one


def test_a_replay_without_tracks_offers_none(client: FlaskClient, replay: Livestream) -> None:
    text = client.get(f"/livestreams/{replay.id}").text
    found = [word in text for word in ("<track", "data-transcript", "data-chapters", "<img")]
    assert found == [False, False, False, False]
    assert 'data-part="cc" aria-pressed="false" hidden' in text


def test_a_replay_shows_its_words_and_where_they_are_said(
    client: FlaskClient, replay: Livestream, keep: Callable[..., TextTrack]
) -> None:
    track = keep(replay)
    keep(replay, TrackKind.CHAPTERS, cues=CHAPTERS)
    text = client.get(f"/livestreams/{replay.id}").text
    address = f"/media/{replay.broadcast_id}/assets/captions-en-{track.sha256[:8]}.vtt"
    assert f'<track kind="captions" srclang="en" label="English" src="{address}">' in text
    assert re.findall(r'<li id="t=(\d+)"><a href="#t=(\d+)"', text) == [("0", "0"), ("61", "61")]
    assert "<time>1:01</time><span>Sleep needs &lt;time&gt; &amp; a dark room.</span>" in text
    assert re.findall(r"<span data-title>([^<]+)<", text) == ["Welcome", "What helps"]


def test_the_language_of_the_page_comes_first_and_a_program_is_named(
    client: FlaskClient, replay: Livestream, keep: Callable[..., TextTrack]
) -> None:
    keep(replay)
    keep(replay, language="zh-Hans", source=TrackSource.AUTOMATIC, cues=[(0, 900, "晚上好。")])
    found = {
        prefix: re.findall(
            r'<track [^>]*label="([^"]+)"', client.get(f"{prefix}/livestreams/{replay.id}").text
        )
        for prefix in ("", "/zh")
    }
    automatic = "中文\N{FULLWIDTH LEFT PARENTHESIS}自动\N{FULLWIDTH RIGHT PARENTHESIS}"
    assert found == {"": ["English", "中文 (automatic)"], "/zh": [automatic, "English"]}


def test_the_transcript_is_a_file_too(
    client: FlaskClient, replay: Livestream, keep: Callable[..., TextTrack]
) -> None:
    keep(replay)
    keep(replay, TrackKind.CHAPTERS, cues=CHAPTERS)
    answer = client.get(f"/livestreams/{replay.id}/transcript-en.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text == (
        "Sleep\n\n0:00  Welcome\n\n0:00  Good evening.\n\n1:00  What helps\n\n"
        "1:01  Sleep needs <time> & a dark room.\n"
    )
    assert client.get(f"/livestreams/{replay.id}/transcript-zh-Hans.txt").status_code == 404


def test_sound_alone_is_that_of_the_shown_ladder(
    client: FlaskClient, session: Session, replay: Livestream
) -> None:
    ladder = Rendition(
        broadcast_id=replay.broadcast_id, name="g1audio", kind=RenditionKind.AUDIO, generation=1
    )
    session.add(ladder)
    found = []
    for generation in (0, 1):
        session.get_one(Broadcast, replay.broadcast_id).generation = generation
        session.flush()
        text = client.get(f"/livestreams/{replay.id}").text
        found += re.findall(r'data-sound="/media/[^/]+/([^"]+)"', text)
    assert found == ["sound/index.m3u8", "g1audio/index.m3u8"]


def test_poster_preview_and_downloads_stand_in_the_page_with_their_sizes(
    client: FlaskClient, session: Session, now: datetime, replay: Livestream
) -> None:
    for kind, name in (("poster", "p.jpg"), ("sound", "s.m4a"), ("storyvtt", "b.vtt")):
        key = asset_key(replay.broadcast_id, name)
        row = Asset(broadcast_id=replay.broadcast_id, kind=kind, object_key=key, created_at=now)
        row.content_type, row.size, row.sha256 = "x/y", 2_340_000, ""
        session.add(row)
    session.flush()
    text = client.get(f"/livestreams/{replay.id}").text
    folder = f"/media/{replay.broadcast_id}/assets"
    assert f'src="{folder}/p.jpg" width="1280" height="720" alt=""' in text
    assert f'data-story="{folder}/b.vtt"' in text
    assert f'href="{folder}/s.m4a" download' in text
    assert "M4A, 2.3 MB" in text


def test_queries_do_not_grow_with_what_there_is(
    client: FlaskClient,
    connection: Connection,
    replay: Livestream,
    keep: Callable[..., TextTrack],
) -> None:
    asked: list[str] = []

    def count() -> int:
        asked.clear()
        client.get(f"/livestreams/{replay.id}")
        return len(asked)

    count()  # what a process learns once
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
    one = count()
    keep(replay)
    keep(replay, language="zh-Hans")
    keep(replay, TrackKind.CHAPTERS, cues=CHAPTERS)
    assert count() == one


def test_search_engines_are_told_of_a_public_replay(
    client: FlaskClient, replay: Livestream
) -> None:
    text = client.get(f"/livestreams/{replay.id}").text
    assert '"@type": "VideoObject"' in text
    assert 'content="noindex"' not in text


def test_words_are_found_and_marked_without_a_script(
    client: FlaskClient, replay: Livestream, keep: Callable[..., TextTrack]
) -> None:
    keep(replay)
    text = client.get(f"/livestreams/{replay.id}?find=dark").text
    assert "&amp; a <mark>dark</mark> room." in text
    assert "One place mentions “dark”." in text
    assert 'value="dark"' in text
    hostile = client.get(f"/livestreams/{replay.id}?find=<script>").text
    assert "No place mentions “&lt;script&gt;”." in hostile
