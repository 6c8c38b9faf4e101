"""The people of an approved roster become hosts: accounts without a password, licences, faces."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts.models import ApiToken, User
from accounts.services import end_sessions, record_audit
from catalog.credentials.enums import CheckStep, CredentialState, Outcome
from catalog.credentials.models import Credential, CredentialCheck, Issuer, Roster, RosterEntry
from catalog.credentials.queries.verification import known_holders
from catalog.credentials.queries.verification_rosters import entries_of, users_by_email
from catalog.credentials.rules.profiles import Profile, profile_of
from catalog.credentials.rules.verification import valid_from_check
from catalog.credentials.services.applications import number_fingerprint
from catalog.credentials.services.grants import make_host
from core.ids import new_id
from core.sealing import unseal
from core.words import ENGLISH, in_language


def admit(session: Session, *, roster: Roster, data_key: str, now: datetime) -> list[RosterEntry]:
    """Make hosts of the people of a roster that two people approved; return whom.

    Who has a licence here is left as they are: it is checked or granted already, or editors have
    refused or withdrawn it, which no list undoes. Everybody is looked up within 90 days: the
    roster makes nobody valid for longer. An account that anybody may have made, with an address of
    the roster that nobody confirmed, is for whoever gets the link.
    """
    entries = entries_of(session, roster_id=roster.id)
    users = users_by_email(session, emails=[entry.email for entry in entries])
    held = known_holders(session, user_ids=[user.id for user in users.values()])
    issuer = session.get_one(Issuer, roster.issuer_id)
    admitted = []
    for entry in entries:
        profile = profile_of(entry.answers)
        user = users.get(entry.email) or _account(session, entry, profile, now)
        entry.user_id = user.id
        if user.id in held:
            continue
        _take_back(session, user, roster, now)
        credential = _licence(session, entry, profile, data_key, now)
        _write_down(session, credential, entry, roster, issuer)
        until = credential.recheck_due_at or now
        make_host(session, credential=credential, profile=profile, until=until, now=now)
        admitted.append(entry)
    session.flush()
    return admitted


def _take_back(session: Session, user: User, roster: Roster, now: datetime) -> None:
    """Take the password from an account whose address is nobody's yet: anybody can sign up with it.

    The link of the roster opens it again, for the person whom the issuer knows.
    """
    if user.password is None or user.confirmed_at is not None:
        return
    user.password = None
    end_sessions(session, user=user)
    session.execute(delete(ApiToken).where(ApiToken.user_id == user.id))
    record_audit(
        session,
        actor_id=roster.second_by,
        act="roster.take_account_back",
        subject_kind="user",
        subject_id=user.id,
        now=now,
        details={"roster": roster.id},
    )


def _account(session: Session, entry: RosterEntry, profile: Profile, now: datetime) -> User:
    user = User(
        id=new_id(),
        email=entry.email,
        password=None,
        display_name=in_language(profile.names, ENGLISH),
        language=profile.languages[0],
        created_at=now,
    )
    session.add(user)
    session.flush()
    return user


def _licence(
    session: Session, entry: RosterEntry, profile: Profile, data_key: str, now: datetime
) -> Credential:
    number = unseal(data_key, entry.number_sealed)
    credential = Credential(
        id=new_id(),
        user_id=entry.user_id or "",
        kind=profile.kind,
        holder=profile.holder,
        country=profile.country,
        authority=profile.authority,
        number_sealed=entry.number_sealed,
        number_fingerprint=number_fingerprint(data_key, country=profile.country, number=number),
        valid_until=profile.valid_until,
        state=CredentialState.GRANTED,
        granted_at=now,
        recheck_due_at=valid_from_check(now, profile.valid_until),
        created_at=now,
        updated_at=now,
    )
    session.add(credential)
    session.flush()
    return credential


def _write_down(
    session: Session, credential: Credential, entry: RosterEntry, roster: Roster, issuer: Issuer
) -> None:
    """Keep on whose word the licence was granted: the signed list's, and that of two approvers."""
    looked_up = f"{entry.source}: {entry.evidence}" if entry.is_sample else "not in the sample"
    evidence = f"SHA-256 {roster.sha256}, line {entry.position}; {looked_up}"
    approvers = ((CheckStep.FIRST, roster.first_by), (CheckStep.SECOND, roster.second_by))
    session.add_all(
        CredentialCheck(
            credential_id=credential.id,
            step=step,
            outcome=Outcome.CONFIRMED,
            checked_by=approver,
            source=f"Signed roster: {issuer.name}"[:300],
            evidence=evidence,
            checked_at=roster.decided_at,
        )
        for step, approver in approvers
    )
