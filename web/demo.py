"""The demo: one account of each role with a known password, two companies, and example content.

Such accounts exist only while every listener is on loopback: see
:func:`accounts.rules.check_demo_listener`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.enums import ORGANISATION_ROLES, Role
from accounts.models import ApiToken, Membership, Organisation, User
from accounts.queries import has_demo_accounts, organisation_by_slug, user_by_email
from accounts.services import create_organisation, create_user, give_roles, issue_token
from catalog import demo as catalogue
from catalog.credentials.demo import clear_applications, load_applications
from catalog.follows import demo as follows
from core.settings import Settings
from scheduler import demo as time
from scheduler.programme.services import release_orphans, reserve_missing
from streams.doors.services import make_missing_keys
from streams.life import services as life
from streams.readiness import demo as readiness

PASSWORD: Final = "mindcast demo"  # noqa: S105 -- known on purpose, see the module
COMPANIES: Final = (
    ("northwind-example", {"en": "Northwind (example)", "zh-Hans": "北风公司·示例"}),
    ("lantern-example", {"en": "Lantern (example)", "zh-Hans": "灯笼公司·示例"}),
)
NAMES: Final = {
    Role.VIEWER: "Demo viewer",
    Role.EMPLOYEE: "Demo employee",
    Role.HR: "Demo HR",
    Role.ORG_ADMIN: "Demo organisation administrator",
    Role.REPRESENTATIVE: "Demo employees' representative",
    Role.HOST: "Demo host",
    Role.MODERATOR: "Demo moderator",
    Role.CAPTIONER: "Demo captioner",
    Role.EDITOR: "Demo editor",
    Role.ADMINISTRATOR: "Demo administrator",
}
MODERATORS: Final = (
    ("robin", "Robin (Example)", "en", "Europe/Berlin"),
    ("mina", "Mina (Example)", "zh-Hans", "Asia/Shanghai"),
    ("noor", "Noor (Example)", "en", "Europe/London"),
    ("wen", "Wen (Example)", "zh-Hans", "Asia/Shanghai"),
    ("ines", "Ines (Example)", "en", "America/New_York"),
)
"""Who moderates beside the demo's moderator: account and name, language and zone of their mails."""
TOKEN_NAME: Final = "demo"  # noqa: S105 -- a label


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What ``run.json`` tells of one account."""

    role: str
    email: str
    password: str
    token: str


def load_demo(
    session: Session,
    *,
    now: datetime,
    data_key: str = "",
    window_seconds: int = 120,
    with_tokens: bool = True,
    with_talks: bool = True,
) -> list[DemoAccount]:
    """Load what is missing of the demo; return one account of each role with a new token.

    Without ``with_tokens`` the tokens of a site that runs stay as they are, and none is returned.

    ``with_talks`` asks the worker for the recordings of the scripted talks.
    With ``data_key`` every livestream gets a stream key. ``window_seconds`` is how long an encoder
    may be away.
    """
    companies = [_load_company(session, slug, names, now) for slug, names in COMPANIES]
    users = {role: _load_account(session, role, companies[0], now) for role in NAMES}
    _load_other_employee(session, companies[1], now)
    catalogue.load(
        session,
        now=now,
        users={role: user.id for role, user in users.items()},
        organisations=[company.id for company in companies],
        window_seconds=window_seconds,
        with_talks=with_talks,
    )
    release_orphans(session, now)
    reserve_missing(session, now)
    others = [_load_moderator(session, *who, now) for who in MODERATORS]
    moderators = [users[Role.MODERATOR].id, *others]
    time.load(
        session,
        moderators=moderators,
        viewer_id=users[Role.VIEWER].id,
        host_id=users[Role.HOST].id,
        now=now,
    )
    readiness.load(session, now=now)
    if data_key:
        make_missing_keys(session, data_key=data_key, now=now)
        editor = users[Role.EDITOR].id
        load_applications(session, editor_id=editor, data_key=data_key, now=now)
    if not with_tokens:
        return []
    follows.load(session, viewer_id=users[Role.VIEWER].id, now=now)
    return [_with_token(session, role, user, now) for role, user in users.items()]


def renew_demo(session: Session, settings: Settings, *, now: datetime) -> None:
    """End the example on air when its time is over, and give what is over a new time.

    Nothing comes back after `mindcast demo clear`.
    """
    if not has_demo_accounts(session):
        return
    for livestream in catalogue.overdue_on_air(session, now=now):
        life.end(session, livestream=livestream, now=now)
    load_demo(
        session,
        now=now,
        data_key=settings.data_key,
        window_seconds=settings.interruption_window,
        with_tokens=False,
        with_talks=settings.demo_talks,
    )


def clear_demo(session: Session, *, now: datetime) -> None:
    """Remove the example content and every account with a known password."""
    time.clear(session)
    clear_applications(session)
    catalogue.clear(session, now=now)
    release_orphans(session, now)
    session.execute(delete(User).where(User.is_demo))
    examples = select(Organisation.id).where(Organisation.is_example)
    used = select(Membership.organisation_id)
    session.execute(
        delete(Organisation).where(Organisation.id.in_(examples), Organisation.id.not_in(used))
    )


def email_of(role: str) -> str:
    """Return the address of the demo account of ``role``."""
    return f"{role}@demo.example"


def _load_company(
    session: Session, slug: str, names: Mapping[str, str], now: datetime
) -> Organisation:
    return organisation_by_slug(session, slug) or create_organisation(
        session, slug=slug, names=names, kind="company", now=now, is_example=True
    )


def _load_account(session: Session, role: Role, company: Organisation, now: datetime) -> User:
    return user_by_email(session, email_of(role)) or create_user(
        session,
        email=email_of(role),
        password=PASSWORD,
        roles=[role],
        now=now,
        organisation_id=company.id if role in ORGANISATION_ROLES else None,
        display_name=NAMES[role],
        is_demo=True,
    )


def _load_other_employee(session: Session, company: Organisation, now: datetime) -> None:
    email = email_of("other-employee")
    if user_by_email(session, email) is None:
        create_user(
            session,
            email=email,
            password=PASSWORD,
            roles=[Role.EMPLOYEE],
            now=now,
            organisation_id=company.id,
            is_demo=True,
        )


def _load_moderator(
    session: Session, account: str, name: str, language: str, timezone: str, now: datetime
) -> str:
    """Return the id of a further moderator, who has no password: nobody signs in as them."""
    known = user_by_email(session, email_of(account))
    if known is not None:
        return known.id
    user = User(
        email=email_of(account),
        display_name=name,
        language=language,
        timezone=timezone,
        created_at=now,
        is_demo=True,
    )
    session.add(user)
    session.flush()
    give_roles(session, user=user, roles=[Role.MODERATOR], now=now)
    return user.id


def _with_token(session: Session, role: Role, user: User, now: datetime) -> DemoAccount:
    """Issue a token in place of that of the last start, whose secret nobody knows any more."""
    session.execute(
        delete(ApiToken).where(ApiToken.user_id == user.id, ApiToken.name == TOKEN_NAME)
    )
    token = issue_token(session, user=user, name=TOKEN_NAME, now=now)
    return DemoAccount(role=role.value, email=user.email, password=PASSWORD, token=token)
