"""Transcripts in English and Chinese for a catalogue of any size: sizes and odds as in talks.

60 to 150 lines each, a few thousand different words per language by Zipf's law, one subject per
talk: its own words are said often there and now and then elsewhere.
"""

import random
import string
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, Final

from bench.catalogue_rows import TOPICS

LINES: Final = (60, 150)
ENGLISH_WORDS, CHINESE_WORDS = 18_000, 14_000
SUBJECTS: Final = (
    ("sleep sleeping sleepless insomnia bedtime", "失眠 睡眠 睡不着 入睡 夜班"),
    ("bipolar mania hypomania lithium episode", "双相 躁狂 轻躁狂 锂盐 情绪波动"),
    ("panic anxiety worry breathing heartbeat", "惊恐 焦虑 担心 呼吸 心跳"),
    ("depression mood hopeless energy", "抑郁 情绪 低落 精力"),
    ("trauma memory flashback safety", "创伤 回忆 闪回 安全"),
    ("grief loss mourning", "哀伤 丧亲 思念"),
    ("attention focus restless", "注意力 多动 专注"),
    ("psychosis voices belief", "幻听 妄想 精神病"),
    ("eating weight appetite", "进食 体重 食欲"),
    ("drinking alcohol craving", "饮酒 酒精 戒断"),
    ("obsession checking washing", "强迫 检查 清洗"),
    ("teenager school exam", "青少年 学校 考试"),
    ("baby birth feeding", "产后 宝宝 哺乳"),
    ("burnout workload meeting", "倦怠 加班 会议"),
    ("dementia forgetting carer", "痴呆 遗忘 照护"),
    ("lonely friend neighbour", "孤独 朋友 邻居"),
)
OWN, OTHER = 0.04, 0.002
"""How likely the next word belongs to the talk's subject, or to any one of the others."""
CHARACTERS: Final = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 2400))


def lines(number: int) -> list[list[Any]]:
    """Return the cues of a talk; those with an odd number are in Chinese."""
    pick = random.Random(number)
    is_chinese = bool(number % 2)
    words = _words(pick, subject=number % TOPICS, is_chinese=is_chinese)
    found = []
    for line in range(pick.randint(*LINES)):
        said = [next(words) for _ in range(pick.randint(8, 14))]
        text = "".join(said) if is_chinese else " ".join(said)
        found.append([line * 5000, line * 5000 + 4800, text])
    return found


def title(number: int) -> dict[str, str]:
    """Return a title that names the subject in every fourth talk, and is about anything else."""
    pick = random.Random(-number)
    english, chinese = SUBJECTS[number % TOPICS]
    if number % 4:
        english, chinese = "Questions that people ask", "大家常问的问题"
    else:
        english, chinese = pick.choice(english.split()), pick.choice(chinese.split())
    return {
        "en": f"Talk {number}: {english}, and what to leave for the morning",
        "zh-Hans": f"第 {number} 讲 {chinese} 夜里可以做什么",
    }


def track(number: int, now: datetime) -> dict[str, Any]:
    """Return the row of a text track."""
    return {
        "id": f"t{number:015}",
        "broadcast_id": f"b{number:015}",
        "kind": "captions",
        "language": "zh-Hans" if number % 2 else "en",
        "source": "human",
        "cues": lines(number),
        "object_key": f"broadcasts/b{number:015}/assets/captions-{number}.vtt",
        "size": 1,
        "sha256": "0" * 64,
        "created_at": now,
    }


def _words(pick: random.Random, *, subject: int, is_chinese: bool) -> Iterator[str]:
    words, weights = _vocabulary(is_chinese=is_chinese)
    while True:
        for common in pick.choices(words, cum_weights=weights, k=400):
            odds = pick.random()
            if odds < OWN:
                yield from _said(pick, subject, is_chinese=is_chinese)
            elif odds < OWN + OTHER * TOPICS:
                yield from _said(pick, pick.randrange(TOPICS), is_chinese=is_chinese)
            else:
                yield common


def _said(pick: random.Random, subject: int, *, is_chinese: bool) -> Sequence[str]:
    word = pick.choice(SUBJECTS[subject][is_chinese].split())
    is_attack = word == "panic" and pick.random() < 0.5  # noqa: PLR2004 -- every other one
    return ("panic", "attack") if is_attack else (word,)


_KNOWN: dict[bool, tuple[list[str], list[float]]] = {}


def _vocabulary(*, is_chinese: bool) -> tuple[list[str], list[float]]:
    if is_chinese not in _KNOWN:
        pick = random.Random(7)
        many = CHINESE_WORDS if is_chinese else ENGLISH_WORDS
        found: dict[str, None] = {}
        while len(found) < many:
            found[_chinese(pick) if is_chinese else _english(pick)] = None
        weights = list(accumulate(1 / (rank + 3) for rank in range(many)))
        _KNOWN[is_chinese] = [*found], weights
    return _KNOWN[is_chinese]


def _english(pick: random.Random) -> str:
    return "".join(pick.choices(string.ascii_lowercase, k=pick.randint(2, 9)))


def _chinese(pick: random.Random) -> str:
    return "".join(pick.choices(CHARACTERS, k=pick.choice((1, 2, 2, 2, 3))))
