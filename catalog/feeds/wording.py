"""What calendars say, in both languages, to those who watch, host or moderate. Pure.

The words stand here and not among the messages of pages: mails are written where there is no
request, and an entry stays in a calendar in the words in which it came.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from core.words import CHINESE, ENGLISH, Words

Role: TypeAlias = Literal["viewer", "host", "moderator"]

NAME: Final = "Mindcast"
UNIQUE: Final = "mindcast"
"""After the ``@`` of every UID, which is one for life: the address of a site is not.

The ids before it are random enough to be unique in the world (RFC 7986, 5.3 asks for no host name).
"""
SUMMARY: Final[Words] = {ENGLISH: "Mindcast livestream", CHINESE: "Mindcast 直播"}
"""The same for everybody: whoever looks over a shoulder learns nothing of a topic or a part."""
DESCRIPTIONS: Final = MappingProxyType(
    {
        "viewer": {
            ENGLISH: "Open the page to watch, without an account:",
            CHINESE: "打开页面即可观看，无需账号：",  # noqa: RUF001 -- Chinese
        },
        "host": {
            ENGLISH: "You are the host. The page of the livestream:",
            CHINESE: "您是本场直播的讲者。页面：",  # noqa: RUF001 -- Chinese
        },
        "moderator": {
            ENGLISH: "You are a moderator. The page of the livestream:",
            CHINESE: "您是本场直播的审核员。页面：",  # noqa: RUF001 -- Chinese
        },
    }
)
HOST_WANTED: Final[Words] = {
    ENGLISH: "Another host is being found.",
    CHINESE: "正在寻找另一位讲者。",
}
RECORDED_EARLIER: Final[Words] = {
    ENGLISH: "Recorded earlier, questions live.",
    CHINESE: "已提前录制，提问为实时。",  # noqa: RUF001 -- Chinese
}
NOT_PLANNED: Final[Words] = {
    ENGLISH: "This is no longer planned. The page:",
    CHINESE: "此日程已取消。页面：",  # noqa: RUF001 -- Chinese
}
CHINESE_PAGES: Final = "/zh"
"""Before the path of a page in Chinese."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a calendar says in the language of its address."""

    name: str
    """Of the calendar."""
    summary: str
    """Of entries without a title."""
    description: str
    """Before the address of the page."""
    pages: str
    """The whole address of livestreams, without an id."""
    host: str
    """What stands behind the ``@`` of identifiers; see :data:`UNIQUE`."""
    host_wanted: str = ""
    """Before the description while another host is being found."""
    recorded_earlier: str = ""
    """Before the description of a premiere."""
    not_planned: str = ""
    """In place of the description of what is cancelled; empty: the description stays."""
    is_duty: bool = False
    """Whether the time is taken for somebody who hosts or moderates; a viewer stays free."""


def wording_for(site: str, language: str, role: Role) -> Wording:
    """Return what calendars say in a language; ``site`` is the whole address, without a slash."""
    chinese = CHINESE_PAGES if language == CHINESE else ""
    return Wording(
        name=NAME,
        summary=SUMMARY[language],
        description=DESCRIPTIONS[role][language],
        pages=f"{site}{chinese}/livestreams/",
        host=UNIQUE,
        host_wanted=HOST_WANTED[language],
        recorded_earlier=RECORDED_EARLIER[language],
        not_planned=NOT_PLANNED[language],
        is_duty=role != "viewer",
    )
