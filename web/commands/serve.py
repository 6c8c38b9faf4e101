"""``mindcast serve``: the whole site on this machine."""

import os
import sys

import click

from media.binaries import ProgramMissing
from web.supervisor.errors import StartRefused

FAILED = 1


@click.command("serve", help="Start the site with everything it needs, until it is told to end.")
def command() -> None:
    """Run the supervisor; a refusal is one sentence on standard error."""
    from web.supervisor.main import serve  # noqa: PLC0415 -- a second of imports, only for serve

    try:
        code = serve(os.environ, _say)
    except (StartRefused, ProgramMissing) as refusal:
        click.echo(str(refusal), err=True)
        code = FAILED
    sys.exit(code)


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
