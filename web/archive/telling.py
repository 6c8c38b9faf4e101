"""What the two commands share at the terminal."""

import os
import signal
import sys
from types import FrameType

import click

FAILED = 1


def say(line: str) -> None:
    """Tell of the progress, on standard error."""
    click.echo(line, err=True)


def guard_process() -> None:
    """Write for the owner only, and let TERM and HUP end the command as a failure does.

    So nothing half done stays behind.
    """
    os.umask(0o077)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    sys.exit(FAILED)
