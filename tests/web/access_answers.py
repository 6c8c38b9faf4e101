"""What the tables of access are written with: roles, and answers per role."""

from collections.abc import Mapping

from tests.web.access_seed import ROLES

Answers = Mapping[str, int]
"""The expected status per role."""
Table = Mapping[tuple[str, str], Mapping[str, Answers]]
"""By (method, rule) the answers per subject."""

STAFF = ("editor", "administrator")
MEMBERS_A = ("employee_a", "hr_a", "org_admin_a", "representative_a")
MEMBERS_B = ("employee_b", "hr_b")
HOSTS = ("host", "other_host", "unverified_host")


def everyone(status: int) -> Answers:
    """Everybody is answered the same."""
    return dict.fromkeys(ROLES, status)


def only(*roles: str, gets: int, others: int, stranger: int | None = None) -> Answers:
    """These roles get one answer, the others another, and a stranger perhaps a third."""
    answers = {role: gets if role in roles else others for role in ROLES}
    return answers if stranger is None else {**answers, "stranger": stranger}
