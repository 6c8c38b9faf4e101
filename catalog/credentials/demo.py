"""Example applications: one waits for its first check, one for the second."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.models import User
from catalog.credentials.models import Application, Credential
from catalog.credentials.services.applications import begin_application, hand_in, save_answers
from catalog.credentials.services.checks import confirm
from core.words import ENGLISH

WAITED: Final = timedelta(days=2)
REGISTER: Final = "Example register of physicians"
EVIDENCE: Final = "Name, number and hospital stand there as on the copy."

APPLICANTS: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    (
        "tomas.eriksen@hosts.example.org",
        "110110000024187",
        {
            "name_en": "Dr. Tomas Eriksen (Example)",
            "title_en": "Occupational psychiatrist",
            "institution_en": "Example Hospital",
            "department_en": "Work and health",
            "kind": "psychiatrist",
            "country": "DK",
            "authority": "Example licensing authority",
            "topics": ["work", "anxiety"],
            "languages": ["en"],
            "interests": "none",
        },
    ),
    (
        "sol.maya@hosts.example.org",
        "31010500007761",
        {
            "name_en": "Maya Sol (Example)",
            "title_en": "Psychological counsellor",
            "institution_en": "Example University, student health",
            "kind": "counsellor",
            "country": "ES",
            "authority": "Example college of psychologists",
            "topics": ["young", "loneliness"],
            "languages": ["en"],
            "interests": "none",
        },
    ),
)
"""Address, licence number and answers of made-up people; the last one was looked up once."""


def load_applications(session: Session, *, editor_id: str, data_key: str, now: datetime) -> None:
    """Let made-up people apply, unless they did."""
    for number, (email, licence, answers) in enumerate(APPLICANTS):
        user = _person(session, email, answers["name_en"], now)
        applied = session.scalar(select(Application.id).where(Application.user_id == user.id))
        if applied is None:
            is_looked_up = number == len(APPLICANTS) - 1
            checked_by = editor_id if is_looked_up else ""
            _apply(session, user.id, licence, answers, checked_by, data_key, now - WAITED)


def clear_applications(session: Session) -> None:
    """Remove the licences of demo accounts: their checks go before the people who made them."""
    of_demo = select(User.id).where(User.is_demo)
    session.execute(delete(Credential).where(Credential.user_id.in_(of_demo)))


def _person(session: Session, email: str, name: str, now: datetime) -> User:
    user = session.scalar(select(User).where(User.email == email))
    if user is None:
        user = User(email=email, display_name=name, created_at=now, is_demo=True)
        session.add(user)
        session.flush()
    return user


def _apply(
    session: Session,
    user_id: str,
    licence: str,
    answers: dict[str, Any],
    checked_by: str,
    data_key: str,
    at: datetime,
) -> None:
    application = begin_application(session, user_id=user_id, language=ENGLISH, now=at)
    save_answers(
        session,
        application=application,
        answers={**application.answers, **answers},
        number=licence,
        data_key=data_key,
        now=at,
    )
    hand_in(session, application=application, data_key=data_key, now=at)
    if checked_by:
        confirm(
            session,
            actor=actor_for(session, checked_by),
            person_id=user_id,
            source=REGISTER,
            evidence=EVIDENCE,
            now=at,
        )
