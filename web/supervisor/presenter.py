"""The demo's presenter: an encoder that keeps the livestream of the hour on air."""

import signal
import threading
import time
from collections.abc import Callable

from catalog.demo import livestream_to_play
from core.clock import utc_now
from core.database import make_engine, make_sessions
from core.errors import Refusal
from core.settings import Settings
from streams.presenter import present, present_talks
from web.commands.demo import push_url
from web.demo_talks import made_talks, write_playlist

PAUSE = 5.0  # seconds between two looks for a livestream that wants a picture


def run(settings: Settings) -> int:
    """Push talks, or a test picture before any is made, to what is on air, until SIGTERM."""
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    while not ending.is_set():
        livestream_id = _next_livestream(settings)
        if livestream_id is not None:
            _push(settings, livestream_id, ending)
        ending.wait(PAUSE)
    return 0


def _next_livestream(settings: Settings) -> str | None:
    engine = make_engine(settings.database_url)
    try:
        with make_sessions(engine)() as session:
            return livestream_to_play(session, now=utc_now())
    finally:
        engine.dispose()


def _push(settings: Settings, livestream_id: str, ending: threading.Event) -> None:
    try:
        url = push_url(settings, livestream_id)
    except Refusal:
        return  # it was removed in between; the next look finds another
    talks = made_talks(settings)
    if talks:
        playlist = write_playlist(settings, talks)
        present_talks(url, playlist=playlist, stopping=ending.wait)
        return
    present(url, seconds=None, file=None, stopping=_until_a_talk_is_made(settings, ending))


def _until_a_talk_is_made(settings: Settings, ending: threading.Event) -> Callable[[float], bool]:
    looked_at = time.monotonic()

    def stopping(seconds: float) -> bool:
        nonlocal looked_at
        if ending.wait(seconds):
            return True
        if time.monotonic() - looked_at < PAUSE:  # this is asked for every frame
            return False
        looked_at = time.monotonic()
        return bool(made_talks(settings))

    return stopping
