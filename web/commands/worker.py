"""``mindcast worker``: runs the background steps that are due."""

import sys

import click

from web.home import load_settings
from web.logs import configure_logs
from web.worker import run


@click.command("worker", help="Run background steps until TERM.")
def command() -> None:
    """Run until TERM."""
    configure_logs()
    sys.exit(run(load_settings()))
