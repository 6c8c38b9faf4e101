"""Writes of questions: asked, decided on by the crew, changed by their asker, wanted by others."""

from streams.questions.services.asking import Asked, ask_question, edit_question, withdraw_question
from streams.questions.services.deciding import decide, merge, reply
from streams.questions.services.forgetting import forget_people, forget_rejected
from streams.questions.services.undoing import BACK_TO, take_back
from streams.questions.services.voting import take_vote_back, vote

__all__ = [
    "BACK_TO",
    "Asked",
    "ask_question",
    "decide",
    "edit_question",
    "forget_people",
    "forget_rejected",
    "merge",
    "reply",
    "take_back",
    "take_vote_back",
    "vote",
    "withdraw_question",
]
