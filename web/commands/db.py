"""``mindcast db``: the tables of the database."""

import click

from web.home import load_settings, prepare_home
from web.supervisor.database import upgrade


@click.group("db", help="Look after the database.")
def command() -> None:
    """Hold the commands about the database."""


@command.command("upgrade")
def bring_up_to_date() -> None:
    """Bring the tables to this release; harmless when they are."""
    upgrade(prepare_home(load_settings()))
