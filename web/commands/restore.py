"""``mindcast restore``: a home out of the file that ``mindcast backup`` wrote."""

import os
from pathlib import Path

import click

from web.archive.restore import restore
from web.archive.telling import guard_process, say


@click.command("restore", help="Put everything of FILE into an empty home that does not run.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace everything that the home has.")
def command(file: Path, *, force: bool) -> None:
    """Put the archive back, all of it or nothing."""
    guard_process()
    restore(os.environ, file, force=force, say=say)
    say(f"Done: {file} is restored.")
