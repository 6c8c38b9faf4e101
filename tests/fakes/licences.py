"""Applications, licences and rosters for tests, made with the real services."""

import base64
import csv
import io
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from accounts.access import actor_for
from accounts.enums import Role
from accounts.models import User
from accounts.rules import Actor
from accounts.services import give_roles
from catalog.credentials.enums import ApplicationState, CredentialState
from catalog.credentials.models import Application, Credential, Document
from catalog.credentials.rules.rosters import COLUMNS, EXAMPLE
from catalog.credentials.services.applications import number_fingerprint
from core.ids import new_id
from core.sealing import seal
from tests.fakes.programme import DATA_KEY

NUMBER = "CN 1100-2418"
ANSWERS = {
    "name_en": "Dr. Shen Yiran",
    "name_zh": "沈一然",
    "title_en": "Consultant psychiatrist",
    "institution_en": "Example Hospital",
    "department_zh": "睡眠门诊",
    "kind": "psychiatrist",
    "holder": "Shen Yiran",
    "country": "CN",
    "authority": "National Health Commission",
    "valid_until": "",
    "topics": ["sleep"],
    "languages": ["zh-Hans", "en"],
    "interests": "listed",
    "interests_en": "A fee from a publisher.",
    "recording": "1",
}
LOOK = {"source": "https://register.example/CN", "evidence": "Registered, in good standing."}
OWNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = base64.b64encode(OWNER.public_key().public_bytes_raw()).decode()


def person(session: Session, name: str, now: datetime, *roles: Role) -> Actor:
    """Make somebody with an account."""
    user = User(id=name, email=f"{name}@licences.example", display_name=name, created_at=now)
    session.add(user)
    session.flush()
    give_roles(session, user=user, roles=roles, now=now)
    return actor_for(session, user.id)


def applied(
    session: Session, name: str, now: datetime, *, number: str = NUMBER, **answers: object
) -> Credential:
    """Make somebody who has handed in an application with one page; return the pending licence."""
    person(session, name, now)
    facts = {**ANSWERS, **answers}
    application = Application(
        id=new_id(),
        user_id=name,
        state=ApplicationState.SUBMITTED,
        answers=facts,
        number_sealed=seal(DATA_KEY, number),
        submitted_at=now,
        created_at=now,
        updated_at=now,
    )
    session.add(application)
    session.flush()
    session.add(
        Document(
            application_id=application.id,
            object_key=f"licences/{name}",
            name="page.pdf",
            media_type="application/pdf",
            size=10,
            sha256="0" * 64,
            created_at=now,
        )
    )
    return licence(session, name, now, number=number)


def licence(
    session: Session,
    name: str,
    now: datetime,
    *,
    number: str = NUMBER,
    state: str = CredentialState.PENDING,
    due_in: timedelta | None = None,
    valid_until: datetime | None = None,
) -> Credential:
    """Make a licence in a state by force."""
    credential = Credential(
        user_id=name,
        kind="psychiatrist",
        holder="Shen Yiran",
        country="CN",
        authority="National Health Commission",
        number_sealed=seal(DATA_KEY, number),
        number_fingerprint=number_fingerprint(DATA_KEY, country="CN", number=number),
        valid_until=valid_until,
        state=state,
        recheck_due_at=None if due_in is None else now + due_in,
        created_at=now,
        updated_at=now,
    )
    session.add(credential)
    session.flush()
    return credential


def roster_file(*changes: dict[str, str]) -> bytes:
    """Return a roster with one line per entry; each changes the example."""
    written = io.StringIO()
    rows = csv.DictWriter(written, COLUMNS)
    rows.writeheader()
    for place, change in enumerate(changes):
        own = {"email": f"doctor{place}@roster.example", "number": f"11000{place}"}
        rows.writerow(dict(zip(COLUMNS, EXAMPLE, strict=True)) | own | {"topics": "sleep"} | change)
    return written.getvalue().encode()


def signature_of(data: bytes) -> str:
    """Return the signature of the test's issuer."""
    return base64.b64encode(OWNER.sign(data)).decode()
