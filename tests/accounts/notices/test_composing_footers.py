"""What stands below mails: help, why it came, and the ways to change that."""

import pytest

from accounts.notices.enums import Category
from accounts.notices.kinds import KINDS
from accounts.notices.links import Purpose, is_genuine, read_token
from accounts.notices.wording.samples import SITE, sample_due
from core.words import CHINESE, ENGLISH
from tests.fakes.letters import EVERY, SeenPage, composed, html_of, plain_of

LISTS = {"List-Unsubscribe", "List-Unsubscribe-Post"}
VIEWERS = {
    Category.REMINDERS,
    Category.CHANGES,
    Category.REPLAYS,
    Category.FOLLOWS,
    Category.ACCOUNT,
}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_mails_to_viewers_name_the_page_of_help(kind: str, language: str) -> None:
    mail = composed(kind, language)
    page = SITE.page("/help", language)
    expected = KINDS[kind].category in VIEWERS
    assert (page in plain_of(mail), page in html_of(mail)) == (expected, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_unsubscribing_is_one_click_where_it_can_be(kind: str) -> None:
    due, mail = sample_due(kind, ENGLISH), composed(kind)
    ends = KINDS[kind].can_be_off or due.registration_id is not None
    if kind == "confirm_registration" or not ends:
        assert set(mail.keys()) & LISTS == set()
        assert "/unsubscribe/" not in plain_of(mail)
        return
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://mindcast.example.org/notices/unsubscribe/u.")
    link = read_token(address.rpartition("/")[2])
    assert link is not None
    assert is_genuine(SITE.data_key, link, due.person.link_version)
    assert link.purpose is Purpose.UNSUBSCRIBE
    assert link.about == (due.registration_id or KINDS[kind].category)


def test_choices_are_reached_without_an_account_and_with_one() -> None:
    stranger, host = composed("day_before"), composed("host_scheduled", CHINESE)
    (link,) = [
        read_token(one.rpartition("/")[2])
        for one in SeenPage(html_of(stranger)).links
        if "/notices/mine/" in one
    ]
    assert link is not None
    assert (link.purpose, is_genuine(SITE.data_key, link, 1)) == (Purpose.MANAGE, True)
    assert "https://mindcast.example.org/zh/account/notices" in SeenPage(html_of(host)).links
    assert "/notices/mine/" not in html_of(host)


def test_mail_of_a_category_that_must_be_known_says_so() -> None:
    assert "come even if others are switched off" in plain_of(composed("host_asked")).replace(
        " \n", " "
    )
    assert "switched off" not in plain_of(composed("host_day_before"))
    assert "switched off" not in plain_of(composed("confirm_registration"))
