"""Passkeys: challenges that are answered once, and what a browser proves with them (WebAuthn)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.joining.enums import Ceremony
from accounts.joining.errors import LastWayIn, PasskeyRefused, TooManyPasskeys
from accounts.joining.models import Challenge, Passkey
from accounts.joining.queries import has_other_way_in, passkeys_of
from accounts.joining.rules import CHALLENGE_HOLDS, MOST_PASSKEYS, passkey_name
from accounts.models import User
from accounts.rules import has_mailbox, no_mailbox
from accounts.services import open_account
from core.ids import new_id, new_secret
from core.sealing import fingerprint

LONGEST: Final = 20_000
"""Characters of an answer; a browser's has about 2,000."""
VERIFIED: Final = UserVerificationRequirement.REQUIRED
"""The device asks for a finger or a code: a passkey is two factors in one."""
WRONG: Final = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Site:
    """Whom a browser proves itself to."""

    host: str
    origin: str
    name: str = "Mindcast"


def ask_to_sign_in(session: Session, *, site: Site, now: datetime) -> str:
    """Return the options for a browser that offers the passkeys that it has for this site."""
    challenge = _keep(session, Ceremony.SIGN_IN, None, now)
    return options_to_json(
        generate_authentication_options(
            rp_id=site.host, challenge=challenge, user_verification=VERIFIED
        )
    )


def ask_for_new(session: Session, *, site: Site, user: User | None, now: datetime) -> str:
    """Return the options for a passkey of an account, or of one that is still to be made.

    Raises:
        TooManyPasskeys: There are as many as one person can have.
    """
    known = passkeys_of(session, user_id=user.id) if user else ()
    if len(known) >= MOST_PASSKEYS:
        raise TooManyPasskeys(most=MOST_PASSKEYS)
    user_id = user.id if user else new_id()
    ceremony = Ceremony.ADD if user else Ceremony.SIGN_UP
    name = user.email if user and has_mailbox(user.email) else site.name
    return options_to_json(
        generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=user_id.encode(),
            user_name=name,
            challenge=_keep(session, ceremony, user_id, now),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
                for one in known
            ],
        )
    )


def sign_in(session: Session, *, site: Site, answer: str, now: datetime) -> User:
    """Return whose passkey a browser has.

    Raises:
        PasskeyRefused: It proves nothing, is of nobody, or the account is closed.
    """
    given = _read(answer)
    asked = _take(session, given, Ceremony.SIGN_IN, now)
    passkey = session.scalar(
        select(Passkey).where(Passkey.credential_id == str(given.get("id"))).with_for_update()
    )
    user = session.get(User, passkey.user_id) if passkey else None
    if passkey is None or user is None or not user.active:
        raise PasskeyRefused
    try:
        proven = verify_authentication_response(
            credential=given,
            expected_challenge=asked.secret,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except WRONG as error:
        raise PasskeyRefused from error
    passkey.sign_count, passkey.last_used_at = proven.new_sign_count, now
    session.flush()
    return user


def add(
    session: Session, *, site: Site, user: User, answer: str, name: str, now: datetime
) -> Passkey:
    """Add a passkey to an account.

    Raises:
        PasskeyRefused: The answer proves nothing, or is for somebody else.
    """
    given = _read(answer)
    asked = _take(session, given, Ceremony.ADD, now)
    if asked.user_id != user.id:
        raise PasskeyRefused
    return _added(session, site, given, asked, user, name, now)


def sign_up(
    session: Session, *, site: Site, answer: str, language: str, timezone: str, now: datetime
) -> User:
    """Make an account that is a passkey and nothing else: no name, no address.

    Raises:
        PasskeyRefused: The answer proves nothing.
    """
    given = _read(answer)
    asked = _take(session, given, Ceremony.SIGN_UP, now)
    if asked.user_id is None:
        raise PasskeyRefused
    with session.begin_nested():  # an answer that proves nothing leaves no account behind
        user = open_account(
            session,
            user_id=asked.user_id,
            email=no_mailbox(asked.user_id),
            language=language,
            timezone=timezone,
            now=now,
        )
        _added(session, site, given, asked, user, "", now)
    return user


def remove(session: Session, *, user: User, passkey_id: str) -> bool:
    """Remove a passkey; return whether there was one.

    Raises:
        LastWayIn: Nobody could sign in any more.
    """
    if not has_other_way_in(session, user=user, without_passkey=passkey_id):
        raise LastWayIn
    mine = delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id)
    return session.scalar(mine.returning(Passkey.id)) is not None


@dataclass(frozen=True, slots=True)
class _Asked:
    secret: bytes
    user_id: str | None


def _keep(session: Session, ceremony: Ceremony, user_id: str | None, now: datetime) -> bytes:
    """Make a challenge and keep its fingerprint; return it."""
    secret = new_secret()
    session.add(
        Challenge(
            fingerprint=fingerprint(secret),
            ceremony=ceremony,
            user_id=user_id,
            expires_at=now + CHALLENGE_HOLDS,
        )
    )
    session.flush()
    return secret.encode()


def _take(session: Session, given: dict[str, Any], ceremony: Ceremony, now: datetime) -> _Asked:
    """Return the challenge that an answer names, which is gone from now on."""
    secret = _challenge_in(given)
    row = session.execute(
        delete(Challenge)
        .where(
            Challenge.fingerprint == fingerprint(secret.decode("ascii", "replace")),
            Challenge.ceremony == ceremony,
            Challenge.expires_at > now,
        )
        .returning(Challenge.user_id)
    ).one_or_none()
    if row is None:
        raise PasskeyRefused
    return _Asked(secret, row.user_id)


def _read(answer: str) -> dict[str, Any]:
    try:
        given = json.loads(answer) if len(answer) <= LONGEST else None
    except ValueError as error:
        raise PasskeyRefused from error
    if not isinstance(given, dict) or not isinstance(given.get("response"), dict):
        raise PasskeyRefused
    return given


def _challenge_in(given: dict[str, Any]) -> bytes:
    try:
        said = json.loads(base64url_to_bytes(given["response"]["clientDataJSON"]))
        return base64url_to_bytes(said["challenge"])
    except WRONG as error:
        raise PasskeyRefused from error


def _added(
    session: Session,
    site: Site,
    given: dict[str, Any],
    asked: _Asked,
    user: User,
    name: str,
    now: datetime,
) -> Passkey:
    try:
        proven = verify_registration_response(
            credential=given,
            expected_challenge=asked.secret,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except WRONG as error:
        raise PasskeyRefused from error
    credential_id = bytes_to_base64url(proven.credential_id)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)):
        raise PasskeyRefused  # another account has it
    passkey = Passkey(
        user_id=user.id,
        credential_id=credential_id,
        public_key=proven.credential_public_key,
        sign_count=proven.sign_count,
        name=passkey_name(name, len(passkeys_of(session, user_id=user.id)) + 1),
        created_at=now,
    )
    session.add(passkey)
    session.flush()
    return passkey
