"""The command line: ``mindcast COMMAND``. Exit code 0: done, 1: failed, 2: wrong use.

Each command lives in a module of its own that is imported only when it is asked for: `mindcast
token` must not wait for the media stack.
"""

import sys
from importlib import import_module
from importlib.util import find_spec

import click

from core.errors import Refusal, SettingError

FAILED = 1
WRONG_USE = 2

COMMANDS = {
    "serve": "web.commands.serve",
    "live": "web.commands.live",
    "worker": "web.commands.worker",
    "clock": "web.commands.clock",
    "demo": "web.commands.demo",
    "db": "web.commands.db",
    "user": "web.commands.user",
    "token": "web.commands.token",
    "backup": "web.commands.backup",
    "restore": "web.commands.restore",
    "doctor": "web.commands.doctor",
    "search": "web.commands.search",
}
"""Each module has one command called ``command``."""


class Commands(click.Group):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return [name for name, module in COMMANDS.items() if find_spec(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None if there is none of this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command


@click.group(cls=Commands)
def mindcast() -> None:
    """Run and look after Mindcast. The home is MINDCAST_HOME, by default `var/`."""


def main() -> None:
    """Run the command line; a refusal is one sentence on standard error."""
    try:
        mindcast(prog_name="mindcast")
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(FAILED)
    except SettingError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_USE)


if __name__ == "__main__":
    main()
