"""What a setting that makes no sense tells of itself."""

import pytest

from core.errors import SettingError
from core.settings import read_settings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "url",
    [
        "smpt://mindcast:hush@mail.example",
        "smtp://mindcast:hush@mail.example:many",
        "smtp://mindcast:hu/sh@mail.example",  # not written as %2F
    ],
)
def test_secret_that_makes_no_sense_is_not_repeated(url: str) -> None:
    """What stops a start is printed and kept in logs."""
    with pytest.raises(SettingError) as refused:
        read_settings({"SMTP_URL": url})
    assert str(refused.value).startswith("SMTP_URL makes no sense: use smtp://host")
    assert "hu" not in str(refused.value)
    assert "hu" not in str(refused.value.__cause__)


def test_other_value_that_makes_no_sense_is_shown() -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"PORT": "many"})
    assert str(refused.value).startswith("PORT='many' makes no sense")


@pytest.mark.parametrize(
    "sender", ["Mindcast <a@example.org>", "mindcast", "a@", "@b", "a@b\nX: y"]
)
def test_sender_that_is_no_address_is_refused(sender: str) -> None:
    """It stands in a header of every mail, and is ORGANIZER of every entry."""
    with pytest.raises(SettingError, match="MAIL_FROM"):
        read_settings({"MAIL_FROM": sender})


def test_sender_is_an_address() -> None:
    assert read_settings({"MAIL_FROM": "a@example.org"}).sender == "a@example.org"
