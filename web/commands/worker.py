"""``mindcast worker``: runs the background steps that are due."""

import sys

import click

from web.home import load_settings
from web.worker import run


@click.command("worker", help="Run background steps until TERM.")
def command() -> None:
    """Run until TERM."""
    sys.exit(run(load_settings()))
