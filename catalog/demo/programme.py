"""The example programme: one livestream on air, a week ahead, two private, some not announced."""

# ruff: noqa: RUF001 -- full-width punctuation is right in Chinese

from typing import Final

from catalog.demo.content import DAY, LIVE_KEY, ExampleLivestream, both
from catalog.enums import LivestreamState as L
from catalog.enums import ReplayPolicy
from core.words import CHINESE

LIVESTREAMS: Final = (
    ExampleLivestream(
        LIVE_KEY,
        "lin",
        ("anxiety",),
        both(
            "Panic, step by step: what your body is doing, and what helps",
            "惊恐，一步一步看：身体在做什么，怎样会好一些",
        ),
        both(
            "Where the wave comes from, why it always passes, and three things to try.",
            "这阵浪从哪里来，为什么总会过去，以及可以试试的三件事。",
        ),
        starts_in=0,
        minutes=180,
        replay_policy=ReplayPolicy.AT_END,
        auto_start=True,
    ),
    ExampleLivestream(
        "three-am",
        "okoro",
        ("sleep",),
        both("When the 3 a.m. thoughts arrive", "凌晨三点，念头来的时候"),
        both(
            "What to do with a busy head at night, and what to leave for the morning.",
            "夜里脑子停不下来时可以做什么，哪些留到早上再想。",
        ),
        starts_in=60,
    ),
    ExampleLivestream(
        "families",
        "shen",
        ("bipolar",),
        both(
            "Living with someone who has bipolar disorder: what families can do",
            "和双相障碍一起生活：家人可以做什么",
        ),
        both(
            "Early signs, hard conversations, and looking after yourself as well.",
            "早期信号、难开口的谈话，也照顾好自己。",
        ),
        starts_in=150,
        minutes=60,
        language=CHINESE,
    ),
    ExampleLivestream(
        "worry",
        "lin",
        ("anxiety", "sleep"),
        both("Worry that will not switch off", "停不下来的担心"),
        both(
            "Why worry feels useful, and how to set it a time of its own.",
            "担心为什么让人觉得有用，怎样给它留一个固定的时间。",
        ),
        starts_in=DAY,
    ),
    ExampleLivestream(
        "naps",
        "okoro",
        ("sleep",),
        both("Naps, coffee and light: a day that ends in sleep", "午睡、咖啡与光：为好睡眠过一天"),
        both(
            "Small changes by day that help at night. Questions welcome.",
            "白天的小改变，夜里的帮助。欢迎提问。",
        ),
        starts_in=2 * DAY,
        minutes=30,
        timezone="Europe/London",
    ),
    ExampleLivestream(
        "early-signs",
        "shen",
        ("bipolar",),
        both(
            "A good week, or the start of something? Reading early signs",
            "是状态好，还是要开始了？读懂早期信号",
        ),
        both(
            "Sleep is often the first clue. How to keep a mood chart in one minute a day.",
            "睡眠常常是第一条线索。怎样每天用一分钟记录情绪。",
        ),
        starts_in=3 * DAY,
    ),
    ExampleLivestream(
        "first-visit",
        "lin",
        ("anxiety",),
        both("What a first appointment is like", "第一次就诊是什么样的"),
        both(
            "What you will be asked, what you may ask, and what happens afterwards.",
            "会问您什么，您可以问什么，之后会怎样。",
        ),
        starts_in=4 * DAY,
        minutes=30,
    ),
    ExampleLivestream(
        "night-shift",
        "okoro",
        ("sleep",),
        both("Sleep for shift workers", "轮班人群的睡眠"),
        both(
            "For staff of one organisation: rest between shifts, and the way home.",
            "面向一家企业的员工：班次之间怎样休息，怎样回家。",
        ),
        starts_in=90,
        organisation=0,
    ),
    ExampleLivestream(
        "pressure",
        "shen",
        ("anxiety",),
        both("Talking with a team about pressure", "和团队谈压力"),
        both(
            "For staff of another organisation: an hour for people who lead others.",
            "面向另一家企业的员工：给带团队的人的一小时。",
        ),
        starts_in=120,
        minutes=60,
        language=CHINESE,
        organisation=1,
    ),
    ExampleLivestream(
        "exams",
        "lin",
        ("anxiety",),
        both("Nerves before an exam", "考试前的紧张"),
        both("A first outline.", "初步提纲。"),
        starts_in=5 * DAY,
        state=L.PROPOSED,
    ),
    ExampleLivestream(
        "travel",
        "okoro",
        ("sleep",),
        both("Across time zones without losing a week", "跨时区旅行，不丢一周"),
        both("Not announced yet.", "尚未公布。"),
        starts_in=6 * DAY,
        state=L.DRAFT,
    ),
    ExampleLivestream(
        "lunch-hour",
        "eriksen",
        ("anxiety",),
        both("Anxious at work: a lunch-hour talk", "工作中的焦虑：午休半小时"),
        both("Waits for the host's licence to be checked.", "等待讲者资质核验。"),
        starts_in=6 * DAY + 120,
        minutes=30,
        state=L.PROPOSED,
    ),
)
