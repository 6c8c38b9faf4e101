import pytest

from accounts.enums import Role
from accounts.errors import BadEmail, DemoOnOpenListener
from accounts.rules import (
    Actor,
    check_demo_listener,
    is_loopback,
    normal_email,
    normal_password,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("bind", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 -- the listener that must be told apart
        ("::", False),
        ("192.168.1.5", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_is_loopback(bind: str, expected: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert is_loopback(bind) is expected


def test_demo_accounts_on_an_open_listener_are_refused() -> None:
    check_demo_listener("127.0.0.1", has_demo_accounts=True)
    check_demo_listener("10.0.0.1", has_demo_accounts=False)
    with pytest.raises(DemoOnOpenListener):
        check_demo_listener("10.0.0.1", has_demo_accounts=True)


def test_password_in_two_spellings_is_one() -> None:
    assert normal_password("pässword-long") == normal_password("pa\u0308ssword-long")


def test_actor_belongs_to_its_own_organisation_only() -> None:
    actor = Actor(user_id="u", memberships=frozenset({("a", Role.HR)}))
    facts = [actor.belongs_to("a"), actor.belongs_to("b"), actor.belongs_to(None)]
    assert facts == [True, False, False]
    assert [actor.has(Role.HR), actor.has(Role.EMPLOYEE), actor.is_staff] == [True, False, False]


def test_address_is_one_however_it_is_typed() -> None:
    assert normal_email("  Mei@Example.NET ") == "mei@example.net"


def test_what_is_too_long_for_an_address_is_not_read_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A form may be large, and looking through a megabyte takes most of a second."""
    monkeypatch.setattr("accounts.rules.validate_email", lambda *_args, **_more: 1 / 0)
    with pytest.raises(BadEmail):
        normal_email(f"{'a' * 1_000_000}@example.net")
