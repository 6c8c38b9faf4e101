"""A labelled set: what talks say, and by which words each has to be found."""

from typing import Final

TALKS: Final = {
    "night": ("en", "After the night shift", "How nurses get their sleep back.", [
        "Insomnia after night shifts is common.", "Bright light in the morning, dark glasses home.",
    ]),
    "panic": ("en", "When the heart races", "A plain look at fear.", [
        "A panic attack peaks within ten minutes.", "Breathing slowly will not stop it at once.",
    ]),
    "mood": ("en", "Ups and downs", "Living with bipolar disorder.", [
        "Lithium needs blood tests.", "Mania often begins with less need for sleep.",
    ]),
    "low": ("en", "The grey months", "Depression in winter, and what helps.", [
        "Hopelessness is a symptom, not a fact.", "Psychotherapy and medicines both work.",
    ]),
    "yeban": ("zh-Hans", "夜班之后怎么睡", "写给医护人员。", [
        "长期失眠会影响情绪。", "下夜班回家的路上戴墨镜。",
    ]),
    "jiashu": ("zh-Hans", "和双相障碍一起生活", "写给家属。家人可以做什么。", [
        "躁狂发作之前睡眠常常先变少。", "锂盐需要定期抽血。",
    ]),
    "jingkong": ("zh-Hans", "心跳突然很快的时候", "认识惊恐发作。", [
        "惊恐发作通常十分钟左右到顶。", "慢慢呼吸等它过去。",
    ]),
    "diluo": ("zh-Hans", "灰色的冬天", "抑郁症状和求助的方法。", [
        "抑郁不是性格软弱。", "心理治疗和药物都有效。",
    ]),
}  # fmt: skip

EXPECTED: Final = {
    # whole words and their other forms
    "sleep": {"night", "mood"}, "insomnia": {"night"}, "shift": {"night"}, "shifts": {"night"},
    "panic attacks": {"panic"}, '"panic attack"': {"panic"}, "bipolar": {"mood"},
    "depression": {"low"}, "symptoms": {"low"}, "LITHIUM": {"mood"}, "lithium blood": {"mood"},
    # beginnings of words
    "sle": {"night", "mood"}, "insom": {"night"}, "depr": {"low"}, "bip": {"mood"},
    "psycho": {"low"},
    # one slip
    "depresion": {"low"}, "isnomnia": {"night"}, "bipolr": {"mood"}, "lithuim": {"mood"},
    "panick attack": {"panic"}, "psychotheraby": {"low"},
    # Chinese: two characters, longer words, parts of words, traditional characters, sentences
    "失眠": {"yeban"}, "双相": {"jiashu"}, "双相障碍": {"jiashu"}, "睡眠": {"jiashu"},
    "惊恐": {"jingkong"}, "惊恐发作": {"jingkong"}, "发作": {"jiashu", "jingkong"},
    "夜班": {"yeban"},
    "抑郁": {"diluo"}, "症状": {"diluo"}, "锂盐": {"jiashu"}, "家属": {"jiashu"},
    "家人": {"jiashu"},
    "雙相": {"jiashu"}, "驚恐發作": {"jingkong"}, "長期失眠": {"yeban"}, "双相 家属": {"jiashu"},
    "医护": {"yeban"}, "心理治疗": {"diluo"}, "呼吸": {"jingkong"}, "我失眠了怎么办": {"yeban"},
}  # fmt: skip
"""What each query has to find, and nothing else."""
