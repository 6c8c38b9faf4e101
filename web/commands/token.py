"""``mindcast token``: bearer tokens for the API."""

import click

from accounts.errors import NoSuchUser
from accounts.queries import user_by_email
from accounts.services import issue_token, record_audit
from core.clock import utc_now
from web.commands.opening import transaction


@click.group("token", help="Create bearer tokens for the API.")
def command() -> None:
    """Hold the commands about tokens."""


@command.command("create")
@click.option("--email", required=True, help="Whom the token speaks for.")
@click.option("--name", default="command line", help="What the token is for.")
def create(*, email: str, name: str) -> None:
    """Create a token and print only it; it cannot be read again."""
    with transaction() as session:
        user = user_by_email(session, email)
        if user is None:
            raise NoSuchUser
        now = utc_now()
        secret = issue_token(session, user=user, name=name, now=now)
        record_audit(
            session,
            actor_id=None,
            act="token.create",
            subject_kind="user",
            subject_id=user.id,
            now=now,
            details={"name": name},
        )
    click.echo(secret)
