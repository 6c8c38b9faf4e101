"""The demo's presenter: an encoder that keeps the livestream of the hour on air."""

import signal
import threading

from catalog.demo import livestream_to_play
from core.clock import utc_now
from core.database import make_engine, make_sessions
from core.errors import Refusal
from core.settings import Settings
from streams.presenter import present
from web.commands.demo import push_url

PAUSE = 5.0  # seconds between two looks for a livestream that wants a picture


def run(settings: Settings) -> int:
    """Push the test picture to whatever the demo has on air, until SIGTERM."""
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
    present(url, seconds=None, file=None, stopping=ending.wait)
