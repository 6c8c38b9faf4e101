"""``mindcast doctor``: what this installation has, what it lacks, and what live can carry."""

import json
import os
import sys

import click

from core.settings import Settings


@click.command("doctor", help="Look at settings, programs, disk, database, storage and speed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(*, as_json: bool) -> None:
    """Print what was found; exit 1 when something failed."""
    from web import doctor  # noqa: PLC0415 -- the media stack is for this command only
    from web.home import load_settings  # noqa: PLC0415 -- as above

    settings = load_settings()
    findings = doctor.examine(settings, is_running=_is_running(settings))
    well = doctor.is_well(findings)
    if as_json:
        document = {
            "ok": well,
            "versions": doctor.versions(),
            "settings": doctor.shown_settings(os.environ.get),
            "findings": doctor.as_document(findings),
        }
        click.echo(json.dumps(document, indent=2))
    else:
        for line in doctor.as_lines(findings):
            click.echo(line)
    sys.exit(0 if well else 1)


def _is_running(settings: Settings) -> bool:
    """Whether a supervisor holds the home: it writes this file when it is ready."""
    return (settings.home / "run.json").exists()
