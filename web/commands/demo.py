"""``mindcast demo``: example content, and an encoder that pushes the test picture."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import click

from accounts.rules import check_demo_listener
from core.clock import utc_now
from core.errors import NotFound, Refusal
from core.settings import Settings
from streams.doors.keys import key_of
from streams.presenter import present
from web.commands.opening import transaction
from web.demo import clear_demo, load_demo
from web.home import load_settings, read_services


class NoDoor(Refusal):
    """The home has never been started, so nobody would take the picture."""

    message = "The RTMP door of this home is not known; start the site with `make run` first."


class DoorRefuses(Refusal):
    """The push was refused again and again."""

    message = "The site refuses this livestream now. It takes a push while it is scheduled or live."


@click.group("demo", invoke_without_command=True)
@click.option("--livestream", "livestream_id", help="Push a picture to this livestream.")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", type=click.FloatRange(min=1), help="How long; until cut off by default.")
@click.pass_context
def command(
    context: click.Context, livestream_id: str | None, file: Path | None, seconds: float | None
) -> None:
    """Load the example content, or push a test picture with a clock burnt in."""
    if context.invoked_subcommand is not None:
        return
    settings = load_settings()
    if livestream_id is None:
        _load(settings)
        return
    if not present(
        push_url(settings, livestream_id), seconds=seconds, file=file, stopping=_stopping()
    ):
        raise DoorRefuses


@command.command("clear")
def clear() -> None:
    """Remove the example content and the demo accounts."""
    with transaction() as session:
        clear_demo(session, now=utc_now())


def push_url(settings: Settings, livestream_id: str) -> str:
    """Return where an encoder of this livestream pushes, its stream key included."""
    port = settings.rtmp_port or read_services(settings.home).get("rtmp_port")
    if not port:
        raise NoDoor
    with transaction() as session:
        key = key_of(session, livestream_id=livestream_id, data_key=settings.data_key)
    if key is None:
        raise NotFound
    return f"rtmp://127.0.0.1:{port}/live/{key}"


def _load(settings: Settings) -> None:
    """Load it, unless a site of this home listens to others: the passwords are known."""
    running = read_services(settings.home).get("bind", settings.bind)
    for bind in (settings.bind, running):
        check_demo_listener(bind, has_demo_accounts=True)
    with transaction() as session:
        load_demo(
            session,
            now=utc_now(),
            data_key=settings.data_key,
            window_seconds=settings.interruption_window,
            with_tokens=False,
            with_talks=settings.demo_talks,
        )


def _stopping() -> Callable[[float], bool]:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop.wait
