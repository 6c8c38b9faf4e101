"""What notices put into their blanks, in both languages. Pure.

The words stand here and not among the messages of pages: notices are written where there is no
request.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.notices.ports import Person
from accounts.notices.times import written
from core.words import CHINESE, ENGLISH, Words, in_language
from scheduler.notices.facts import Facts, Standing

MINUTE: Final = 60
LEFT: Final = {ENGLISH: ("1 minute", "{left} minutes"), CHINESE: ("1 分钟", "{left} 分钟")}
TO_BE_NAMED: Final[Words] = {ENGLISH: "Host to be named", CHINESE: "讲者待定"}
HOST_WANTED: Final[Words] = {
    ENGLISH: "The host who was announced cannot come. Another one is being found; as soon as "
    "somebody has said yes, the page names them.",
    CHINESE: "原定的讲者来不了，我们正在寻找另一位；一有人答应，页面上就会写明。",  # noqa: RUF001 -- Chinese
}
AFTER_ALL: Final[Words] = {
    ENGLISH: "It takes place after all: {starts}.",
    CHINESE: "这场直播恢复举行：{starts}。",  # noqa: RUF001 -- Chinese
}
NEW_START: Final[Words] = {
    ENGLISH: "New start: {starts}. Before: {was}.",
    CHINESE: "新的开始时间：{starts}。原定：{was}。",  # noqa: RUF001 -- Chinese
}
NEW_LENGTH: Final[Words] = {
    ENGLISH: "It is planned to take {minutes} minutes; before, it was {before}.",
    CHINESE: "预计时长改为 {minutes} 分钟，原为 {before} 分钟。",  # noqa: RUF001 -- Chinese
}
NEW_HOST: Final[Words] = {
    ENGLISH: "{host} speaks in place of {before}.",
    CHINESE: "新讲者：{host}。原讲者：{before}。",  # noqa: RUF001 -- Chinese
}


@dataclass(frozen=True, slots=True)
class Names:
    """Hosts by id, in every language that their names have."""

    words: Mapping[str, Words]

    def of(self, host_id: str, language: str) -> str:
        """Return a name; of somebody who is gone none is left."""
        return in_language(self.words.get(host_id, {}), language)


def changes(was: Facts, true: Facts, names: Names, person: Person) -> str:
    """Return what has changed for a person, one sentence a line."""
    return "\n".join(_sentences(was, true, names, person))


def left(start: datetime, now: datetime, language: str) -> str:
    """Return the minutes that are really left before a start, at least one."""
    minutes = max(1, round((start - now).total_seconds() / MINUTE))
    one, many = LEFT[language]
    return one if minutes == 1 else many.format(left=minutes)


def note(language: str, *, wants_host: bool) -> str:
    """Return what has to be added to a reminder."""
    return in_language(HOST_WANTED, language) if wants_host else ""


def _sentences(was: Facts, true: Facts, names: Names, person: Person) -> Iterator[str]:
    language = person.language
    starts = written(true.start, person.timezone, language)
    before = written(was.start, person.timezone, language)
    if was.standing is not Standing.COMING:
        yield in_language(AFTER_ALL, language).format(starts=starts)
    if was.start != true.start:
        yield in_language(NEW_START, language).format(starts=starts, was=before)
    if was.minutes != true.minutes:
        length = {"minutes": true.minutes, "before": was.minutes}
        yield in_language(NEW_LENGTH, language).format(**length)
    if was.host != true.host:
        hosts = {"host": names.of(true.host, language), "before": names.of(was.host, language)}
        yield in_language(NEW_HOST, language).format(**hosts)
