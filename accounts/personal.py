"""What is held about people with an account; notices have their own page of it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.personal import FOUND_BY, OURS, PROOF, WORKING, Fate, Held, by, nobody

HELD: Final[Mapping[str, Held]] = MappingProxyType(
    {
        "accounts_audit": Held(
            by("actor_id"),
            told=("at", "act", "subject_kind", "subject_id", "details"),
            kept_back={"actor_id": OURS, "id": OURS},
            fate=Fate.KEPT,
            reason="what was done must stay provable; the id stays, its name is gone",
        ),
        "accounts_challenge": Held(
            by("user_id"),
            kept_back={
                "fingerprint": PROOF,
                "ceremony": WORKING,
                "user_id": OURS,
                "expires_at": "in five minutes the row is gone",
            },
        ),
        "accounts_consent": Held(
            by("user_id"),
            told=("kind", "version", "given_at", "withdrawn_at"),
            kept_back={"id": OURS, "user_id": OURS},
        ),
        "accounts_erasure": nobody(
            "a receipt, which says how much was deleted and not whose it was",
            "id",
            "user_id",
            "asked_at",
            "done_at",
            "counts",
        ),
        "accounts_mail_link": Held(
            by("recipient_id", "recipient_id"),
            told=("purpose", "back_to", "asked_at", "expires_at", "used_at"),
            kept_back={"id": OURS, "recipient_id": OURS, "user_id": OURS},
        ),
        "accounts_membership": Held(
            by("user_id"),
            told=("role", "started_at", "ended_at"),
            kept_back={"id": OURS, "user_id": OURS, "organisation_id": OURS},
        ),
        "accounts_organisation": nobody(
            "an organisation, which is no person",
            "id",
            "slug",
            "names",
            "kind",
            "is_example",
            "created_at",
        ),
        "accounts_passkey": Held(
            by("user_id"),
            told=("name", "created_at", "last_used_at"),
            kept_back={
                "credential_id": FOUND_BY,
                "public_key": PROOF,
                "sign_count": WORKING,
                "id": OURS,
                "user_id": OURS,
            },
        ),
        "accounts_role": nobody(
            "the names of roles",
            "name",
        ),
        "accounts_token": Held(
            by("user_id"),
            told=("name", "created_at", "last_used_at", "expires_at", "revoked_at"),
            kept_back={"fingerprint": PROOF, "id": OURS, "user_id": OURS},
        ),
        "accounts_user": Held(
            by("id"),
            told=(
                "email",
                "display_name",
                "language",
                "timezone",
                "active",
                "confirmed_at",
                "is_demo",
                "created_at",
                "tf_primary_method",
            ),
            kept_back={
                "password": PROOF,
                "fs_uniquifier": PROOF,
                "tf_totp_secret": PROOF,
                "id": OURS,
            },
        ),
        "accounts_user_role": Held(
            by("user_id"),
            told=("role_name",),
            kept_back={"user_id": OURS},
        ),
    }
)
