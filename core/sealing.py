"""Secrets at rest: sealed under ``DATA_KEY``, or kept only as a fingerprint."""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet

PROOF_DIGITS: Final = 32


def seal(data_key: str, plain: str) -> str:
    """Encrypt ``plain`` with authenticated encryption (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _fernet(data_key).encrypt(plain.encode()).decode()


def unseal(data_key: str, sealed: str) -> str:
    """Return the text that :func:`seal` was given; ``InvalidToken`` if the key is another."""
    return _fernet(data_key).decrypt(sealed.encode()).decode()


def seal_bytes(data_key: str, plain: bytes) -> bytes:
    """Encrypt a whole small file as :func:`seal` does; a third is added to its size."""
    return _fernet(data_key).encrypt(plain)


def unseal_bytes(data_key: str, sealed: bytes) -> bytes:
    """Return what :func:`seal_bytes` was given; ``InvalidToken`` if the key is another."""
    return _fernet(data_key).decrypt(sealed)


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of a high-entropy secret as hex: enough to recognise, not to use."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_fingerprint(data_key: str, value: str) -> str:
    """Return the HMAC-SHA256 of a guessable value (an address, a mail) as hex."""
    return hmac.new(data_key.encode(), value.encode(), hashlib.sha256).hexdigest()


def make_proof(data_key: str, facts: str) -> str:
    """Return a proof that a link was made here: 128 bits of a keyed fingerprint, nothing stored.

    ``facts`` begins with what the link is for, so that a proof of one is none of another.
    """
    return keyed_fingerprint(data_key, facts)[:PROOF_DIGITS]


def is_proof(data_key: str, facts: str, given: str) -> bool:
    """Tell whether ``given`` is the proof of ``facts``, in a time that tells nothing."""
    return hmac.compare_digest(make_proof(data_key, facts), given)


@lru_cache(maxsize=8)  # a worker opens an address for each mail
def _fernet(data_key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(data_key.encode()).digest()))
