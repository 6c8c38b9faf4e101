"""Roles: what a person may be, everywhere and within an organisation."""

from enum import StrEnum


class Role(StrEnum):
    """A role by its name in pages, the API and ``run.json``."""

    VIEWER = "viewer"
    EMPLOYEE = "employee"
    HR = "hr"
    ORG_ADMIN = "org_admin"
    REPRESENTATIVE = "representative"
    HOST = "host"
    MODERATOR = "moderator"
    CAPTIONER = "captioner"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


ORGANISATION_ROLES = frozenset({Role.EMPLOYEE, Role.HR, Role.ORG_ADMIN, Role.REPRESENTATIVE})
"""Held through a membership of one organisation, never globally."""
