"""Hosts that an operator enters by hand, whose licence was looked up outside of this site."""

from datetime import datetime

from sqlalchemy.orm import Session

from catalog.credentials.enums import CredentialState
from catalog.credentials.models import Credential
from catalog.models import Host


def grant_by_operator(session: Session, *, host: Host, holder: str, now: datetime) -> Credential:
    """Give a host who was entered as verified a licence row, so that it is looked up again in time.

    It has no number, no authority and no checks: the page of the case says who made it.
    """
    credential = Credential(
        user_id=host.id,
        kind=host.credential_kind,
        holder=holder,
        country="",
        authority="",
        number_sealed="",
        number_fingerprint="",
        state=CredentialState.GRANTED,
        granted_at=now,
        recheck_due_at=host.verified_until,
        created_at=now,
        updated_at=now,
    )
    session.add(credential)
    session.flush()
    return credential
