"""Refusals about questions, in the words of the person who reads them."""

from core.errors import NotFound, WrongState, _


class NoSuchQuestion(NotFound):
    """The link is broken, or the question is gone."""

    code = "no_such_question"


class QuestionsClosed(WrongState):
    """The room takes no questions now, nor votes."""

    code = "questions_closed"
    message = _("Questions are closed.")


class NotNow(WrongState):
    """The state of a question does not allow it."""

    code = "wrong_state"
    message = _("This question cannot become that now.")


class NeverShown(WrongState):
    """The words sound as if somebody is in danger: they are never shown to others."""

    code = "never_shown"
    message = _(
        "This question may come from somebody in danger, so it is never shown, put together with "
        "another or refused. Reply privately, or close it with where to find help."
    )


class ChangedMeanwhile(WrongState):
    """Somebody else of the crew, or the asker, was faster."""

    code = "changed_meanwhile"
    message = _("Somebody else has just changed this question. Please look at it again.")


class TooLate(WrongState):
    """The asker cannot change the words any more."""

    code = "too_late"
    message = _("A moderator has already dealt with this question, so its words stay as they are.")


class AlreadyMoreOnAir(WrongState):
    """Another question was put on air at the same moment."""

    code = "changed_meanwhile"
    message = _("Another question was put on air just now. Please look again.")
