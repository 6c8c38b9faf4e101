"""What the two commands share at the terminal."""

import signal
import sys
from types import FrameType

import click

FAILED = 1


def say(line: str) -> None:
    """Tell of the progress, on standard error."""
    click.echo(line, err=True)


def end_in_order() -> None:
    """Let TERM and HUP end the command as a failure does: nothing half done stays behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    sys.exit(FAILED)
