"""Texts taken apart into the words that are indexed, the same for both databases. Pure.

English words lose the endings of the plural; a run of Chinese characters is segmented, and every
word of the dictionary inside it is kept as well: 抑郁症状 is found by 抑郁, 抑郁症 and 症状.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import rjieba

from catalog.search.rules.folding import folded

LONGEST: Final = 40
"""Characters of a word that are looked at."""
NAME: Final = 4
"""A run of so many Chinese characters can be one name; it is kept whole in titles and names."""
CHINESE: Final = r"\u3400-\u4dbf\u4e00-\u9fff"
RUNS: Final = re.compile(rf"[{CHINESE}]+|[^\W_{CHINESE}]+")
IS_CHINESE: Final = re.compile(rf"[{CHINESE}]")
_EMPTY_ENGLISH: Final = """
    a an and are as at be been but by can could did do does for from had has have how i if in into
    is it its me my of on or our s so t than that the their them then there they this to was we
    were what when where which who why will with would you your
"""
_EMPTY_CHINESE: Final = """
    的 了 和 与 是 在 我 你 他 她 它 们 我们 你们 他们 有 吗 呢 吧 啊 怎么 怎么办 什么 怎样 如何
    可以 应该 一个 这 那 这个 那个 就 都 也 很 把 被 给 对 从 到 着 过 地 得 上 下 里 去 来 还 又
    要 会 能
"""
EMPTY: Final = frozenset((_EMPTY_ENGLISH + _EMPTY_CHINESE).split())
"""Words that say nothing about a subject: neither indexed nor asked for."""
ES: Final = ("sses", "shes", "ches", "xes", "zes")
KEPT_S: Final = ("ss", "us", "is")


def index_words(text: str, *, is_head: bool = False) -> Iterator[str]:
    """Yield the words of a text in order, as they are indexed.

    ``is_head`` is for titles and names, which are short: of Chinese there, each pair of neighbours
    counts too, so that no reading of a name hides it.
    """
    for run in RUNS.findall(folded(text)):
        if not IS_CHINESE.match(run):
            yield from _latin(run)
            continue
        found = (*_segments(run), *(_neighbours(run) if is_head else ()))
        yield from (word for word in dict.fromkeys(found) if word not in EMPTY)


def query_words(text: str) -> tuple[str, ...]:
    """Return the words that somebody typed, each once, as they are looked up."""
    found: list[str] = []
    for run in RUNS.findall(folded(text)):
        found += rjieba.cut(run) if IS_CHINESE.match(run) else _latin(run)
    return tuple(dict.fromkeys(word for word in found if word not in EMPTY))


def inner_words(word: str) -> tuple[str, ...]:
    """Return the words of the dictionary inside a Chinese one; nothing for what has none."""
    if not IS_CHINESE.match(word):
        return ()
    found = dict.fromkeys((*rjieba.cut_all(word), *rjieba.cut_for_search(word)))
    return tuple(one for one in found if one != word and len(one) > 1)


def is_chinese(word: str) -> bool:
    """Tell whether a word is written in Chinese characters."""
    return IS_CHINESE.match(word) is not None


def stem(word: str) -> str:
    """Return an English word without the ending of the plural."""
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 -- "ties" is no "ty"
        return word[:-3] + "y"
    if word.endswith(ES):
        return word[:-2]
    is_long = len(word) > 3  # noqa: PLR2004 -- not "was", nor "gas"
    if is_long and word.endswith("s") and not word.endswith(KEPT_S):
        return word[:-1]
    return word


def _latin(run: str) -> Iterable[str]:
    word = run[:LONGEST]
    return () if word in EMPTY else (stem(word),)


@lru_cache(maxsize=4096)
def _segments(run: str) -> tuple[str, ...]:
    """Return how a run is read, and every word of the dictionary in it."""
    return (*rjieba.cut(run), *(word for word in rjieba.cut_all(run) if len(word) > 1))


def _neighbours(run: str) -> Iterator[str]:
    if 1 < len(run) <= NAME:
        yield run
    yield from (run[at : at + 2] for at in range(len(run) - 1))
