"""Values to look at a notice with: what previews, pictures and tests show. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from accounts.notices.enums import Category, Channel
from accounts.notices.kinds import KINDS
from accounts.notices.ports import CalendarPart, Due, Person, Say, Site
from accounts.notices.times import written
from core.words import CHINESE, ENGLISH

SITE: Final = Site(
    address="https://mindcast.example.org",
    sender="mindcast@mindcast.example.org",
    data_key="a key of samples, under which no link is genuine",
)
LIVESTREAM: Final = "0197c3f0a1b27d4e8f60918273645566"
STARTS: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WAS: Final = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
UNTIL: Final = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ZONES: Final = {ENGLISH: "Europe/London", CHINESE: "Asia/Shanghai"}
CANCELLING: Final = frozenset(
    {
        "cancelled",
        "not_held",
        "host_cancelled",
        "host_released",
        "duty_cancelled",
        "duty_released",
    }
)
"""Kinds whose entry leaves the calendar."""
_STUDIO: Final = f"/livestreams/{LIVESTREAM}/studio"
_PLACES: Final = {
    Category.HOSTING: _STUDIO,
    Category.STAFF: _STUDIO,
    Category.ACCOUNT: "/",
}
_LINKS: Final = {
    "sign_in_link": "/sign-in/link/a-secret",
    "sign_up_link": "/sign-in/link/a-secret",
    "address_link": "/account/address/link/a-secret",
    "address_changed": "/account",
    "way_in_changed": "/account",
}
_WORDS: Final = {
    ENGLISH: {
        "title": "Living with bipolar disorder: sleep as a compass",
        "host": "Dr Amara Okafor",
        "name": "Dr Wei Zhang",
        "minutes": "45",
        "count": "3",
        "left": "10 minutes",
        "note": "The host who was announced cannot come. Another one is being found; as soon as "
        "somebody has said yes, the page names them.",
        "changes": "New start: {starts}. Before: {was}.\n"
        "Dr Amara Okafor speaks in place of Dr Jonas Weber.",
        "dates": "{starts}\n{later}\n{last}",
        "items": "The replay is ready: {was} · Worry, and what it wants · {site}/livestreams/1\n"
        "The replay is ready: {starts} · Small steps after a hard year · {site}/livestreams/2\n"
        "A change to the livestream on {last} · Night shifts and sleep · {site}/livestreams/3",
    },
    CHINESE: {
        "title": "与双相障碍共处：以睡眠为罗盘",  # noqa: RUF001 -- the Chinese colon
        "host": "林若溪医生",
        "name": "张伟医生",
        "minutes": "45",
        "count": "3",
        "left": "10 分钟",
        "note": "原定的讲者来不了，我们正在寻找另一位；一有人答应，页面上就会写明。",  # noqa: RUF001 -- Chinese
        "changes": "新的开始时间：{starts}。原定：{was}。\n"  # noqa: RUF001 -- the Chinese colon
        "新讲者：林若溪医生。原讲者：周明医生。",  # noqa: RUF001 -- the Chinese colon
        "dates": "{starts}\n{later}\n{last}",
        "items": "回放已就绪：{was} · 担忧想要什么 · {site}/zh/livestreams/1\n"  # noqa: RUF001 -- the Chinese colon
        "回放已就绪：{starts} · 艰难一年后的小步子 · {site}/zh/livestreams/2\n"  # noqa: RUF001 -- the Chinese colon
        "{last}的直播有变动 · 夜班与睡眠 · {site}/zh/livestreams/3",
    },
}
_REASONS: Final = {
    ENGLISH: {
        "proposal_returned": "Please say in the description whom the livestream is for.\n"
        "The title could be shorter.",
        "staff_host_missing": "The host cannot come.",
        "licence_withdrawn": "The licence is no longer in the public register.",
    },
    CHINESE: {
        "proposal_returned": "请在简介中说明直播面向哪些人。\n标题可以再短一些。",
        "staff_host_missing": "讲者来不了。",
        "licence_withdrawn": "公开登记中已查不到这份执照。",
    },
}
_OTHER_REASON: Final = {
    ENGLISH: "The registration number on page 2 cannot be read.\n"
    "Please send that page again, as a photo in daylight.",
    CHINESE: "第 2 页的注册编号看不清。\n请在日光下重新拍摄这一页再发来。",
}
_DAYS: Final = {ENGLISH: "31 December 2026", CHINESE: "2026年12月31日"}


def sample_person(language: str, **changes: Any) -> Person:  # noqa: ANN401 -- fields of Person
    """Return somebody without an account who can be told something."""
    person = Person(
        recipient_id="0197c3f0a1b27d4e8f60918273640001",
        user_id=None,
        address="reader@example.org",
        language=language,
        timezone=ZONES[language],
        phone="+441632960001",
    )
    return replace(person, **changes)


def sample_say(kind: str, language: str, *, site: Site = SITE) -> Say:
    """Return what a source could answer for a kind, with a value for each of its variables."""
    rules, known = KINDS[kind], _known(kind, language, site)
    return Say(
        values={name: known[name] for name in sorted(rules.variables)},
        link=site.page(_place(kind), language),
        calendar=_calendar(kind, site) if rules.has_calendar else None,
        title=known["title"] if "title" in rules.variables else "",
    )


def sample_due(
    kind: str,
    language: str,
    *,
    person: Person | None = None,
    channel: str = Channel.MAIL,
    site: Site = SITE,
) -> Due:
    """Return a row of the ledger of a kind; most for viewers came by a registration."""
    category = KINDS[kind].category
    works = category in {Category.HOSTING, Category.MODERATING, Category.STAFF}
    follows = category is Category.FOLLOWS
    account = "0197c3f0a1b27d4e8f60918273640002" if works or follows else None
    is_own = category is Category.ACCOUNT and kind != "confirm_registration"
    registered = not (works or follows or is_own)
    return Due(
        id="0197c3f0a1b27d4e8f60918273640003",
        kind=kind,
        occurrence=LIVESTREAM,
        revision=1,
        channel=channel,
        facts={},
        registration_id="0197c3f0a1b27d4e8f60918273640004" if registered else None,
        due_at=STARTS - timedelta(days=1),
        give_up_at=None,
        person=person or sample_person(language, user_id=account),
        site=site,
    )


def _known(kind: str, language: str, site: Site) -> dict[str, str]:
    zone = ZONES[language]
    moments = {
        "starts": written(STARTS, zone, language),
        "was": written(WAS, zone, language),
        "later": written(STARTS + timedelta(days=7), zone, language),
        "last": written(STARTS + timedelta(days=14), zone, language),
    }
    words = {
        name: text.format(**moments, site=site.address) for name, text in _WORDS[language].items()
    }
    is_day = kind.startswith(("licence", "application"))
    until = _DAYS[language] if is_day else written(UNTIL, zone, language)
    reason = _REASONS[language].get(kind, _OTHER_REASON[language])
    return {**words, **moments, "until": until, "reason": reason}


def _place(kind: str) -> str:
    if kind == "confirm_registration":
        return "/notices/confirm/a-secret"
    if kind in _LINKS:
        return _LINKS[kind]
    if kind.startswith(("application_", "licence_")):
        return "/apply"
    return _PLACES.get(KINDS[kind].category, f"/livestreams/{LIVESTREAM}")


def _calendar(kind: str, site: Site) -> CalendarPart:
    """Return an entry as short as one can be; the true ones are made by the scheduler."""
    method = "CANCEL" if kind in CANCELLING else "REQUEST"
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mindcast//Mindcast//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{LIVESTREAM}@mindcast.example.org",
        "SEQUENCE:1",
        f"DTSTAMP:{WAS:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{STARTS:%Y%m%dT%H%M%SZ}",
        f"DTEND:{STARTS + timedelta(minutes=45):%Y%m%dT%H%M%SZ}",
        "SUMMARY:Mindcast livestream",
        f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}",
        f"ORGANIZER:mailto:{site.sender}",
        "ATTENDEE:mailto:reader@example.org",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return CalendarPart(method, "".join(f"{line}\r\n" for line in lines))
