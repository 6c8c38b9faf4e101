"""``mindcast user``: accounts."""

import sys
from datetime import timedelta

import click
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.errors import NoSuchOrganisation
from accounts.models import User
from accounts.queries import organisation_by_slug
from accounts.services import create_user, record_audit
from catalog.credentials.services.operators import grant_by_operator
from catalog.models import Host
from core.clock import utc_now
from core.words import CHINESE, ENGLISH
from web.commands.opening import transaction

VERIFIED_FOR = timedelta(days=90)  # a credential is looked at again at least this often


class VerifiedNobody(click.UsageError):
    """Only hosts have a credential."""

    def __init__(self) -> None:
        super().__init__("--verified is for the role host.")


@click.group("user", help="Create accounts.")
def command() -> None:
    """Hold the commands about accounts."""


@command.command("create")
@click.option("--email", required=True, help="The address the person signs in with.")
@click.option("--role", "role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from stdin.")
@click.option("--verified", is_flag=True, help="For hosts: the credential has been checked.")
@click.option("--organisation", help="Slug of the organisation, for roles held in one.")
def create(
    *, email: str, role: str, password_stdin: bool, verified: bool, organisation: str | None
) -> None:
    """Create an account with one role and print its id."""
    del password_stdin  # the only way to give one: arguments are seen by every process
    if verified and role != Role.HOST:
        raise VerifiedNobody
    password = sys.stdin.readline().rstrip("\r\n")
    with transaction() as session:
        user = create_user(
            session,
            email=email,
            password=password,
            roles=[Role(role)],
            organisation_id=_organisation_id(session, organisation),
            now=utc_now(),
        )
        if role == Role.HOST:
            _add_host(session, user, verified=verified)
        _record(session, user, role, verified=verified)
    click.echo(user.id)


def _organisation_id(session: Session, slug: str | None) -> str | None:
    if slug is None:
        return None
    organisation = organisation_by_slug(session, slug)
    if organisation is None:
        raise NoSuchOrganisation
    return organisation.id


def _add_host(session: Session, user: User, *, verified: bool) -> None:
    """Give a host the public face that livestreams name; its id is the account's."""
    name = user.display_name
    host = Host(
        id=user.id,
        names={ENGLISH: name, CHINESE: name},
        initials=name[:2].upper(),
        verified_until=utc_now() + VERIFIED_FOR if verified else None,
    )
    session.add(host)
    session.flush()
    if host.verified_until is not None:
        grant_by_operator(session, host=host, holder=name, now=utc_now())


def _record(session: Session, user: User, role: str, *, verified: bool) -> None:
    record_audit(
        session,
        actor_id=None,
        act="user.create",
        subject_kind="user",
        subject_id=user.id,
        now=utc_now(),
        details={"role": role, "verified": verified},
    )
