"""What links, ceremonies and consents are for."""

from enum import StrEnum


class LinkPurpose(StrEnum):
    """What a link by mail does when its button is pressed."""

    SIGN_IN = "sign_in"  # confirms the address, and makes the account if there is none
    ADDRESS = "address"  # the account has this address from now on


class Ceremony(StrEnum):
    """What a browser is asked to prove with a passkey (WebAuthn, section 7)."""

    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    ADD = "add"


class ConsentKind(StrEnum):
    """What is kept only when somebody said yes."""

    HISTORY = "history"
