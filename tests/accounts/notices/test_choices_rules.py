import pytest

from accounts.enums import Role
from accounts.notices.channels import TEXTED, Texts, channels_of, texts_in
from accounts.notices.enums import Category, Channel, Pace
from accounts.notices.forms import choices_in, place_in, texting_in
from accounts.notices.kinds import KINDS
from accounts.notices.paces import (
    categories_for,
    consistent,
    must_know,
    offered,
    pace_in,
    paces_of,
    without,
)
from core.errors import InvalidInput

VIEWER = (
    Category.REMINDERS,
    Category.CHANGES,
    Category.REPLAYS,
    Category.FOLLOWS,
    Category.ACCOUNT,
)


def faults(call: object, *arguments: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        call(*arguments)  # type: ignore[operator]  # a reader of forms
    return [error.field for error in caught.value.errors]


@pytest.mark.parametrize(
    ("roles", "more"),
    [
        ((), ()),
        ((Role.VIEWER,), ()),
        ((Role.HOST,), (Category.HOSTING,)),
        ((Role.MODERATOR, Role.HOST), (Category.HOSTING, Category.MODERATING)),
        ((Role.EDITOR,), (Category.STAFF,)),
        ((Role.ADMINISTRATOR,), (Category.STAFF,)),
    ],
)
def test_people_choose_about_what_concerns_them(
    roles: tuple[Role, ...], more: tuple[Category, ...]
) -> None:
    assert categories_for(roles) == (*VIEWER[:-1], *more, VIEWER[-1])


def test_what_cannot_wait_is_not_offered_once_a_day() -> None:
    daily = {category for category in Category if Pace.DAILY in paces_of(category)}
    assert daily == {Category.REPLAYS, Category.FOLLOWS, Category.STAFF, Category.ACCOUNT}
    assert all(Pace.OFF in paces_of(category) for category in Category)


def test_categories_with_what_must_be_known_say_so() -> None:
    assert {category for category in categories_for(Role) if must_know(category)} == {
        Category.HOSTING,
        Category.MODERATING,
        Category.STAFF,
    }


def test_what_was_not_chosen_is_as_usual() -> None:
    assert pace_in({}, Category.REMINDERS) is Pace.AT_ONCE
    assert pace_in({}, Category.ACCOUNT) is Pace.DAILY
    assert pace_in({"reminders": "daily"}, Category.REMINDERS) is Pace.AT_ONCE  # never was offered
    assert [one.chosen for one in offered({"replays": "daily", "changes": "off"}, VIEWER)] == [
        Pace.AT_ONCE,
        Pace.OFF,
        Pace.DAILY,
        Pace.OFF,  # nobody asked for mails by following
        Pace.DAILY,
    ]


def test_who_wants_something_once_a_day_gets_the_summary() -> None:
    assert consistent({"replays": "daily", "account": "off"}) == {"replays": "daily"}
    assert consistent({"replays": "off", "account": "off"}) == {"replays": "off", "account": "off"}


def test_without_the_summary_nothing_waits_for_it() -> None:
    assert without({"replays": "daily", "changes": "off"}, Category.ACCOUNT) == {
        "replays": "off",
        "changes": "off",
        "account": "off",
    }
    assert without({"replays": "daily"}, Category.CHANGES) == {"replays": "daily", "changes": "off"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_text_message_needs_a_number_and_a_wish(kind: str) -> None:
    mail = {Channel.MAIL}
    wish = {str(TEXTED[kind]): "at_once"} if kind in TEXTED else {}
    assert channels_of(kind, choices=wish, has_phone=False) == mail
    assert channels_of(kind, choices={}, has_phone=True) == mail
    both = channels_of(kind, choices=wish, has_phone=True)
    assert both == ({Channel.MAIL, Channel.SMS} if kind in TEXTED else mail)


def test_texts_are_read_from_the_choices() -> None:
    assert texts_in({"sms_minutes": "at_once", "sms_changes": "off"}) == {Texts.MINUTES}


def test_form_says_what_was_chosen() -> None:
    form = {"pace-reminders": "off", "pace-replays": "daily", "shows_titles": "1"}
    chosen = choices_in(form, (Category.REMINDERS, Category.REPLAYS))
    assert chosen.paces == {Category.REMINDERS: Pace.OFF, Category.REPLAYS: Pace.DAILY}
    assert chosen.shows_titles


def test_form_is_refused_whose_pace_is_none_or_not_offered() -> None:
    form = {"pace-reminders": "daily", "pace-replays": "sometimes"}
    wrong = faults(choices_in, form, (Category.REMINDERS, Category.REPLAYS, Category.CHANGES))
    assert wrong == ["pace-reminders", "pace-replays", "pace-changes"]


def test_place_is_a_language_and_a_zone_that_are_known() -> None:
    assert place_in({"language": "zh-Hans", "timezone": "Asia/Shanghai"}) == (
        "zh-Hans",
        "Asia/Shanghai",
    )
    assert faults(place_in, {"language": "tlh", "timezone": "../etc/passwd"}) == [
        "language",
        "timezone",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("+86 138 0013 8000", "+8613800138000"),
        ("+49 (151) 234-567", "+49151234567"),
        ("+44\u201120\u20107946 0000", "+442079460000"),
    ],
)
def test_number_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert texting_in({"phone": typed}).phone == kept


@pytest.mark.parametrize(
    "typed", ["13800138000", "+0123456789", "+12345", "+1234567890123456", "+86 138 x", "+८६१३८"]
)
def test_number_without_its_country_is_refused(typed: str) -> None:
    assert faults(texting_in, {"phone": typed}) == ["phone"]


def test_text_messages_need_a_number() -> None:
    assert faults(texting_in, {"phone": "", "sms_minutes": "1"}) == ["phone"]
