from datetime import UTC, datetime, timedelta

import pytest

from core.errors import FieldError, InvalidInput, WrongState
from scheduler.registrations.errors import HasBegun, IsCancelled, IsOver, NotPlanned
from scheduler.registrations.forms import BAD_ZONE, NO_ADDRESS, Contact, contact_in
from scheduler.registrations.rules import (
    about_of,
    check_open,
    is_latest,
    is_open,
    link_until,
    mailbox_of,
    registration_in,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "starts_at", "refusal"),
    [
        ("scheduled", NOW, HasBegun),
        ("scheduled", NOW - timedelta(hours=1), HasBegun),
        ("live", NOW, HasBegun),
        ("ended", NOW, IsOver),
        ("published", NOW, IsOver),
        ("missed", NOW, IsOver),
        ("cancelled", SOON, IsCancelled),
        ("draft", SOON, NotPlanned),
        ("proposed", SOON, NotPlanned),
    ],
)
def test_what_does_not_lie_ahead_is_refused_with_its_reason(
    state: str, starts_at: datetime, refusal: type[WrongState]
) -> None:
    with pytest.raises(refusal):
        check_open(state, starts_at, NOW)
    assert not is_open(state, starts_at, NOW)


def test_what_is_scheduled_and_lies_ahead_is_open() -> None:
    check_open("scheduled", SOON, NOW)
    assert is_open("scheduled", SOON, NOW)


def test_link_holds_48_hours_but_not_beyond_the_start() -> None:
    far, near = NOW + timedelta(days=9), NOW + timedelta(hours=3)
    assert link_until(NOW, far) == NOW + timedelta(hours=48)
    assert link_until(NOW, near) == near


def test_link_of_confirmation_names_its_registration() -> None:
    assert registration_in(about_of("abc123", 4)) == "abc123"


@pytest.mark.parametrize(("about", "expected"), [("a-4", True), ("a-3", False), ("a", False)])
def test_link_of_confirmation_is_that_of_the_last_asking(about: str, expected: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert is_latest(about, 4) is expected


def test_form_gives_the_address_and_the_zone() -> None:
    typed = {"email": " mei@example.net ", "timezone": "Asia/Shanghai"}
    assert contact_in(typed) == Contact("mei@example.net", "Asia/Shanghai")


def test_form_without_anything_says_all_that_is_missing() -> None:
    with pytest.raises(InvalidInput) as refused:
        contact_in({})
    assert refused.value.errors == (
        FieldError("email", NO_ADDRESS),
        FieldError("timezone", BAD_ZONE),
    )


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("mei@example.net", "mei@example.net"),
        ("mei+news+x@example.net", "mei@example.net"),
        ("+mei@example.net", "+mei@example.net"),
    ],
)
def test_what_stands_behind_a_plus_is_no_other_mailbox(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox
