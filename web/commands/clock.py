"""``mindcast clock``: turns due time into rows."""

import sys

import click

from web.clock import run
from web.home import load_settings
from web.logs import configure_logs


@click.command("clock", help="Run the clock until TERM.")
def command() -> None:
    """Run until TERM."""
    configure_logs()
    sys.exit(run(load_settings()))
