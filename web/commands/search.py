"""``mindcast search``: the index of the search."""

import click

from catalog.search.services import check_all, empty
from web.commands.opening import transaction

PORTION = 200


@click.group("search", help="Look after the index of the search.")
def command() -> None:
    """Hold the commands about the index."""


@command.command("rebuild")
def rebuild() -> None:
    """Make the whole index anew; the site may run, and finds less until it is done."""
    with transaction() as session:
        empty(session)
    made = 0
    while True:
        with transaction() as session:
            moved = check_all(session, most=PORTION)
        if not moved:
            break
        made += moved
    click.echo(f"Indexed: {made} livestreams.")
