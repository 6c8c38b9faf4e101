"""The sheet to print: what it says, and to whom."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Host
from core.settings import Settings
from streams.posters.codes import code_of
from streams.posters.drawing import as_png, as_svg
from streams.posters.layout import GAP, HEIGHT, INNER, MARGIN, WIDTH, Box, Poster, Text, strokes_of
from tests.web.access_seed import World, make_world

DARK = 128
POSTER = Poster(
    language="en",
    eyebrow="Bipolar disorder",
    title="Lithium, plainly explained",
    host="Dr. Example",
    post="Consultant",
    moment="Tuesday 24 November 2026, 19:00",
    zone="Shanghai, UTC+8",
    invitation="Scan to join",
    promise="Free. No account.",
    address="https://live.example.org/livestreams/jdbycw2zpgfhmybk",
    education="Education, not treatment.",
    crisis="Numbers you can call now: https://live.example.org/help",
)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "A very long title about many things " * 4), ("zh-Hans", "关于睡眠的讲座" * 12)],
)
def test_everything_is_on_the_sheet_and_the_code_stands_free(language: str, title: str) -> None:
    strokes = list(strokes_of(replace(POSTER, language=language, title=title)))
    code = [one for one in strokes if isinstance(one, Box) and one.width < INNER]
    left, right = MARGIN - GAP, max(one.x + one.width for one in code) + GAP * 0.8
    top, bottom = min(one.y for one in code) - GAP * 0.8, max(one.y for one in code) + GAP * 0.8
    for text in (one for one in strokes if isinstance(one, Text)):
        assert text.x + text.letters.width(text.words) <= MARGIN + INNER + 1
        assert text.y <= HEIGHT - MARGIN / 2
        reach = text.letters.size / 2
        beside = text.x >= right or text.x + text.letters.width(text.words) <= left
        assert beside or text.y + reach <= top or text.y - reach >= bottom


@pytest.mark.unit
def test_the_picture_and_the_drawing_carry_the_same_code() -> None:
    rows = code_of(POSTER.address)
    box = next(one for one in strokes_of(POSTER) if isinstance(one, Box) and one.width < INNER)
    side = box.height
    grey = Image.open(BytesIO(as_png(POSTER))).convert("L").tobytes()
    seen = [
        [
            grey[round(box.y + (y + 0.5) * side) * WIDTH + round(MARGIN + (x + 0.5) * side)]
            for x in range(len(rows))
        ]
        for y in range(len(rows))
    ]
    assert [[value < DARK for value in row] for row in seen] == [list(row) for row in rows]
    assert as_svg(POSTER).count("crispEdges") == sum(
        isinstance(one, Box) for one in strokes_of(POSTER)
    )


@pytest.fixture
def world(session: Session, settings: Settings, now: datetime) -> World:
    return make_world(session, data_key=settings.data_key, now=now)


@pytest.mark.integration
def test_a_neutral_sheet_names_neither_subject_nor_host(
    client: FlaskClient, session: Session, world: World
) -> None:
    one: Any = world.livestreams["public"]
    one.titles, one.state = {"en": "Living with panic & fear"}, LivestreamState.SCHEDULED
    host = "Dr. Nobody Else"
    session.get_one(Host, one.host_id).names = {"en": host}
    session.flush()
    full = client.get(f"/livestreams/{one.id}/poster.svg").text
    neutral = client.get(f"/livestreams/{one.id}/poster.svg?titles=neutral").text
    assert ("panic &amp; fear" in full, "panic" in neutral) == (True, False)
    assert (host in full, host in neutral) == (True, False)
    assert f"/livestreams/{one.id}</text>" in neutral
    picture = client.get(f"/zh/livestreams/{one.id}/poster.png")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.integration
def test_who_cannot_come_stands_on_no_sheet_and_no_player(
    client: FlaskClient, session: Session, world: World, now: datetime
) -> None:
    one: Any = world.livestreams["public"]
    name = "Dr. Nobody Else"
    session.get_one(Host, one.host_id).names = {"en": name}
    one.state = LivestreamState.SCHEDULED
    session.flush()
    paths = (f"/livestreams/{one.id}/poster.svg", f"/embed/livestreams/{one.id}")
    assert [name in client.get(path).text for path in paths] == [True, True]
    one.host_wanted_at = now
    session.flush()
    assert [name in client.get(path).text for path in paths] == [False, False]
