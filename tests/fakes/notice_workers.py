"""Workers of the ledger as processes of their own, which a test may kill."""

import multiprocessing
import signal
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event as Ready
from threading import Event
from types import FrameType

from accounts.notices.ports import Say
from core.database import make_engine, make_sessions
from core.settings import Settings
from tests.fakes.notices import says
from web.worker.notices import make_lane, run_notices

LEASE_SECONDS = 3.0
START_SECONDS = 60.0
KIND = "host_asked"
TALK = {"title": "Sleep", "starts": "Tuesday", "host": "Dr. Wu", "minutes": "60", "until": "noon"}


def tell(settings: Settings, ready: Ready) -> None:
    """Run the lane of a worker in this process until SIGTERM; ``ready`` says that it is heard."""
    stop, engine = Event(), make_engine(settings.database_url)

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    signal.signal(signal.SIGTERM, end)
    ready.set()
    run_notices(
        make_lane(
            make_sessions(engine),
            settings,
            stop,
            sources={KIND: says(Say(TALK))},
            expanders=(),
            lease_seconds=LEASE_SECONDS,
        )
    )


def start_worker(settings: Settings) -> ForkServerProcess:
    """Start one that hears signals; it ends with this process at the latest."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ready = context.Event()
    made = context.Process(target=tell, args=(settings, ready), daemon=True)
    made.start()
    ready.wait(START_SECONDS)
    return made
