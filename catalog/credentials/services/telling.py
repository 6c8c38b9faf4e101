"""Notices about applications and licences, written with what they tell.

Whether they are still true is asked when they are sent (:mod:`catalog.credentials.notices`).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_staff, post_to_user
from catalog.credentials.enums import ApplicationState
from catalog.credentials.models import Application, Credential


def tell_handed_in(session: Session, *, application: Application, now: datetime) -> None:
    """Tell the staff that an application waits; nobody decides about their own."""
    posting = Posting("staff_application", application.id, revision=application.version)
    post_to_staff(session, posting, now=now, but=application.user_id)


def tell_decided(session: Session, *, application: Application, now: datetime) -> None:
    """Tell an applicant that more is needed, or that it was refused."""
    returned = application.state == ApplicationState.RETURNED
    kind = "application_returned" if returned else "application_refused"
    posting = Posting(kind, application.id, revision=application.version)
    post_to_user(session, posting, user_id=application.user_id, now=now)


def tell_granted(session: Session, *, credential: Credential, now: datetime) -> None:
    """Tell a person that they can host."""
    posting = Posting("application_granted", credential.id)
    post_to_user(session, posting, user_id=credential.user_id, now=now)


def tell_due(session: Session, *, credential: Credential, now: datetime) -> None:
    """Tell a host, once per due date, that their licence is looked up again."""
    due_at = credential.recheck_due_at or now
    posting = Posting("licence_due", credential.id, revision=int(due_at.timestamp()))
    post_to_user(session, posting, user_id=credential.user_id, now=now)


def tell_withdrawn(
    session: Session, *, person_id: str, credential: Credential | None, reason: str, now: datetime
) -> None:
    """Tell a host that they cannot host; without a licence row the notice keeps the reason."""
    if credential is not None:
        posting = Posting("licence_withdrawn", credential.id)
    else:
        posting = Posting(
            "licence_withdrawn",
            person_id,
            revision=int(now.timestamp()),
            facts={"reason": reason},
        )
    post_to_user(session, posting, user_id=person_id, now=now)
