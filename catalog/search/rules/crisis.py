"""Whether somebody who searches is looking for help rather than for a talk. Pure.

This opens a way to help above the results; it hides nothing and nothing is kept of it. Better once
too often: the list is generous, and it is not the lexicon of questions, which weighs risk.
"""

import re
from typing import Final

from catalog.search.rules.folding import folded

ENGLISH: Final = (
    r"help", r"helplines?", r"hotlines?", r"cris[ie]s", r"emergenc(?:y|ies)", r"lifelines?",
    r"psychological (?:assistance|aid|support|first aid)", r"mental health (?:line|support line)",
    r"suicid\w*", r"kill(?:ing)? (?:my ?self|me)", r"end(?:ing)? (?:my|it|my own) (?:life|all)",
    r"(?:want|wanna|wish) (?:to )?(?:die|be dead|disappear)",
    r"(?:do not|don't|dont) want to (?:live|be here)", r"no reason to live", r"better off dead",
    r"self[- ]?harm\w*", r"hurt(?:ing)? my ?self", r"cut(?:ting)? my ?self", r"overdos\w*",
    r"samaritans", r"talk to (?:someone|somebody)", r"someone to talk to", r"in danger",
    r"abused", r"being hit", r"sos", r"988", r"12356", r"116 ?123", r"999", r"911", r"120",
    r"110",
)  # fmt: skip
CHINESE: Final = (
    "心理援助", "援助热线", "心理热线", "热线", "求助", "求救", "救命", "救救我", "帮帮我",
    "帮助", "危机", "自杀", "自尽", "轻生", "寻死", "想死", "去死", "不想活", "活不下去",
    "不想存在", "没意思活", "活着没意义", "活着没意思", "结束生命", "了结", "自残", "自伤",
    "割腕", "伤害自己", "跳楼", "吞药", "过量服药", "撑不住", "撑不下去", "崩溃", "想消失",
    "遗书", "家暴", "急救", "紧急", "找人聊", "找人说话", "心理咨询电话",
)  # fmt: skip
_ENGLISH: Final = re.compile(rf"(?<![^\W_])(?:{'|'.join(ENGLISH)})(?![^\W_])")
_CHINESE: Final = re.compile("|".join(CHINESE))


def asks_for_help(text: str) -> bool:
    """Tell whether the way to help belongs above the results."""
    said = " ".join(folded(text).split())
    return bool(_CHINESE.search(said.replace(" ", "")) or _ENGLISH.search(said))
