import pytest

from accounts.enums import Role
from accounts.errors import DemoOnOpenListener
from accounts.rules import Actor, check_demo_listener, is_loopback, normal_password

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
