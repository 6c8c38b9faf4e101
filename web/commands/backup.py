"""``mindcast backup``: everything of a home in one file."""

import os
from pathlib import Path

import click

from core.clock import utc_now
from web.archive.backup import back_up
from web.archive.telling import guard_process, say


@click.command("backup", help="Write tables, secrets and media into FILE; the site may run.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def command(file: Path, *, force: bool) -> None:
    """Write the archive; it has the keys of the home, so that only its owner may read it."""
    guard_process()
    counts = back_up(os.environ, file, force=force, now=utc_now(), say=say)
    if counts.lost:
        say(f"Not found anywhere: {counts.lost} segments or objects.")
    say(f"Done: {file} ({file.stat().st_size / 2**20:.1f} MiB). It holds secrets; keep it safe.")
