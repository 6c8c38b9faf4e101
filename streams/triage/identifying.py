"""Details by which a person could be known: numbers, addresses, names of doctors. Pure.

The asker is told of them while the words can still be changed, and they are marked for the
moderator; nothing is ever cut out silently. It finds what has a shape. A story can tell who
somebody is without any of them.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from core.errors import _


class Detail(StrEnum):
    """What kind of detail was seen."""

    PHONE = "phone"
    MAIL = "mail"
    ID_NUMBER = "id_number"
    ACCOUNT = "account"
    NAME = "name"
    ADDRESS = "address"
    LINK = "link"


LABELS: Final = {
    Detail.PHONE: _("a phone number"),
    Detail.MAIL: _("a mail address"),
    Detail.ID_NUMBER: _("a number of a document or card"),
    Detail.ACCOUNT: _("a name in another service"),
    Detail.NAME: _("somebody's name"),
    Detail.ADDRESS: _("an address"),
    Detail.LINK: _("a link"),
}


class Identifying(NamedTuple):
    """A detail and where it stands: ``text[start:end]``."""

    detail: Detail
    start: int
    end: int


PUBLIC_NUMBERS: Final = frozenset(
    {
        *("110", "112", "119", "120", "122", "111", "116123", "12338", "12345", "12355", "12356"),
        *("911", "988", "999", "000", "995", "131114", "18111", "4001619995", "01082951332"),
    }
)
"""Numbers of help that anybody may write."""
FEWEST_DIGITS: Final = 7
MOST_DIGITS: Final = 15
SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_WIDE: Final = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF20: "@", 0xFF0E: "."}
_TITLE: Final = r"(?:医生|大夫|主任|教授|老师|护士|咨询师|院长)"
_NOT_NAMES: Final = (
    "(?!says|said|told|and|who|has|is|was|does|did|can|will|wants|because|but|gave|at|in|on|that)"
)
_LINK: Final = re.compile(r"https?://\S+|\bwww\.\S+\.\S+", re.IGNORECASE)
_MAIL: Final = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
)
_ID: Final = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{16}|\d{19}|\d{3}-\d{2}-\d{4})(?!\d)")
_DATE: Final = re.compile(r"(?:19|20)\d\d[-/. ]+(?:\d{1,2}[-/. ]+\d{1,2}|(?:19|20)\d\d)")
_PHONE: Final = re.compile(r"(?<![\d.])\+?\(?\d(?:[\s().-]{0,2}\d){2,16}(?!\d)")
_ACCOUNT: Final = re.compile(
    r"(?:微信号?|wechat|weixin|vx|wx|v信|薇信|qq号?|扣扣|抖音号?|小红书号?|微博|telegram|whatsapp|"
    r"insta(?:gram)?|snap(?:chat)?|discord|line id)\s?(?:号|id|is|是|加)?"
    r"\s?[:\uff1a]?\s?@?"
    r"([a-z0-9_.-]{4,32})|(?<![\w.])@[a-z0-9_.]{3,30}",
    re.IGNORECASE,
)
_ENGLISH_NAME: Final = re.compile(
    r"(?:\b[Mm]y (?:doctor|psychiatrist|therapist|psychologist|boss|teacher|husband|wife|manager|"
    r"counsell?or|colleague|friend|ex|neighbou?r|son|daughter)(?: is| called| named|,)? |"
    r"\b(?:Dr|Prof|Mr|Mrs|Ms|Miss|Doctor|Professor)\.? |\b[Mm]y name is |\bI am called )"
    rf"({_NOT_NAMES}[A-Z][a-z]+(?:[ -][A-Z][a-z]+){{0,2}})"
)
_CHINESE_NAME: Final = re.compile(
    rf"(?!于是|许多|马上|高兴|万一|常常|方便|何时|任何|江湖|史上|白天)([{SURNAMES}][\u4e00-\u9fff]{{0,2}}?){_TITLE}|"
    rf"(?:我叫|名叫|名字是|姓名[:\uff1a]?)([\u4e00-\u9fff]{{2,4}})|"
    rf"{_TITLE}(?:叫|是|姓)([{SURNAMES}][\u4e00-\u9fff]{{0,2}})"
)
_ADDRESS: Final = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:路|街|巷|弄|大道|胡同)\s?\d{1,5}\s?(?:号|弄)|"
    r"\d{1,3}\s?(?:栋|幢|号楼|单元)\s?\d{0,4}\s?(?:室|单元|号)?|"
    r"\b\d{1,5}[a-z]? (?:[A-Z][a-z]+ ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Boulevard|Blvd|Way|Place|Square)\b"
)


def named_kinds(text: str) -> list[str]:
    """Return what kinds of details there are, each once, in words to be translated."""
    kinds = dict.fromkeys(found.detail for found in identifying_details(text))
    return [LABELS[kind] for kind in kinds]


def identifying_details(text: str) -> list[Identifying]:
    """Return what could tell who somebody is, in the order of the text; they do not overlap."""
    narrow = text.translate(_WIDE)
    taken: list[Identifying] = []
    for found in _all(narrow):
        if all(found.end <= other.start or other.end <= found.start for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda found: found.start)


def _all(text: str) -> Iterator[Identifying]:
    """Yield every match; what is surer comes first and wins where two overlap."""
    for detail, pattern in (
        (Detail.LINK, _LINK),
        (Detail.MAIL, _MAIL),
        (Detail.ID_NUMBER, _ID),
        (Detail.ACCOUNT, _ACCOUNT),
        (Detail.ADDRESS, _ADDRESS),
    ):
        yield from (Identifying(detail, *match.span()) for match in pattern.finditer(text))
    for match in _PHONE.finditer(text):
        digits = "".join(filter(str.isdigit, match[0]))
        is_long = FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
        if is_long and digits not in PUBLIC_NUMBERS and not _DATE.fullmatch(match[0]):
            yield Identifying(Detail.PHONE, *match.span())
    for pattern in (_ENGLISH_NAME, _CHINESE_NAME):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            yield Identifying(Detail.NAME, *match.span(group))
