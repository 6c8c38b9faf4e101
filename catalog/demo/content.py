"""The words of the demo, in both languages. Everybody in it is made up."""

# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

from dataclasses import dataclass, field
from typing import Final

from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from core.words import CHINESE, ENGLISH, Words

DAY: Final = 24 * 60
LIVE_KEY: Final = "panic"
"""The example that is on air: the demo's picture is pushed to it."""


def both(english: str, chinese: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {ENGLISH: english, CHINESE: chinese}


@dataclass(frozen=True, slots=True)
class ExampleTopic:
    """A topic: its slug, name and description."""

    slug: str
    names: Words
    descriptions: Words
    risk: str = "ordinary"


@dataclass(frozen=True, slots=True)
class ExampleHost:
    """A made-up host; ``email`` empty means the demo's host account."""

    key: str
    email: str
    names: Words
    titles: Words
    institutions: Words
    departments: Words
    biographies: Words
    initials: str
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class ExampleLivestream:
    """A livestream ``starts_in`` minutes from the last time on the grid."""

    key: str
    host: str
    topics: tuple[str, ...]
    titles: Words
    descriptions: Words
    starts_in: int
    minutes: int = 45
    language: str = ENGLISH
    timezone: str = "Asia/Shanghai"
    state: L = L.SCHEDULED
    organisation: int | None = None
    replay_policy: ReplayPolicy = field(default=ReplayPolicy.AFTER_RELEASE)
    auto_start: bool = False


TOPICS: Final = (
    ExampleTopic(
        "anxiety",
        both("Anxiety", "焦虑"),
        both(
            "Worry that does not switch off, and panic that comes like a wave. Both can settle.",
            "停不下来的担心，像浪一样涌来的惊恐。两者都可以平静下来。",
        ),
    ),
    ExampleTopic(
        "sleep",
        both("Sleep", "睡眠"),
        both(
            "Lying awake, waking early, working nights: what helps, and when to ask for help.",
            "睡不着、醒得早、上夜班：哪些办法有用，什么时候该求助。",
        ),
    ),
    ExampleTopic(
        "bipolar",
        both("Bipolar disorder", "双相障碍"),
        both(
            "Stretches of unusually high or low mood, with steadier time in between.",
            "情绪一段时间异常高涨或低落，其间有平稳的日子。",
        ),
        risk="raised",
    ),
)

_EXAMPLE_HOSPITAL: Final = both("Example Hospital", "示例医院")

HOSTS: Final = (
    ExampleHost(
        "lin",
        "",
        both("Dr. Lin Wei (Example)", "林蔚 医生（示例）"),
        both("Consultant psychiatrist", "精神科副主任医师"),
        _EXAMPLE_HOSPITAL,
        both("Anxiety and panic", "焦虑与惊恐"),
        both(
            "Explains panic with a pencil and one line. A made-up person of this demo.",
            "习惯用一支笔、一条线讲惊恐。演示中的虚构人物。",
        ),
        "林",
    ),
    ExampleHost(
        "okoro",
        "hana.okoro@hosts.example.org",
        both("Dr. Hana Okoro (Example)", "Hana Okoro 医生（示例）"),
        both("Psychiatrist, sleep medicine", "精神科医师，睡眠医学"),
        _EXAMPLE_HOSPITAL,
        both("Sleep medicine", "睡眠医学"),
        both(
            "Works with people who work at night. A made-up person of this demo.",
            "长期与夜班人群打交道。演示中的虚构人物。",
        ),
        "O",
    ),
    ExampleHost(
        "shen",
        "shen.yiran@hosts.example.org",
        both("Dr. Shen Yiran (Example)", "沈怡然 医生（示例）"),
        both("Consultant psychiatrist", "精神科主任医师"),
        _EXAMPLE_HOSPITAL,
        both("Mood disorders", "心境障碍"),
        both(
            "Talks with families as much as with patients. A made-up person of this demo.",
            "和家属谈得与和患者谈得一样多。演示中的虚构人物。",
        ),
        "沈",
    ),
    ExampleHost(
        "eriksen",
        "tomas.eriksen@hosts.example.org",
        both("Dr. Tomas Eriksen (Example)", "Tomas Eriksen 医生（示例）"),
        both("Occupational psychiatrist", "职业精神医学医师"),
        _EXAMPLE_HOSPITAL,
        both("Work and health", "工作与健康"),
        both(
            "Has applied to host; the licence is not checked yet. A made-up person of this demo.",
            "已申请成为讲者，执业资质尚未核验。演示中的虚构人物。",
        ),
        "E",
        is_verified=False,
    ),
)
