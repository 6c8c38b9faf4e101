"""``mindcast live``: the media node of this machine."""

import sys

import click

from streams.node.main import run
from web.home import load_settings
from web.logs import configure_logs


@click.command("live", help="Run the media node: the doors for encoders and the packagers.")
def command() -> None:
    """Run until TERM."""
    configure_logs()
    sys.exit(run(load_settings()))
