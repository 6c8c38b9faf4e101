"""Why a talk cannot be made."""

from core.errors import Refusal, _
from media.errors import MediaError


class TalkImpossible(Refusal):
    """Something that making talks needs is not installed; another attempt changes nothing."""

    status = 409
    code = "talk_impossible"
    message = _("Talks cannot be made here: %(what)s is not installed.")

    def __init__(self, what: str) -> None:
        super().__init__(None, what=what)


class ScriptInvalid(MediaError):  # noqa: N818 -- says what is so
    """A script does not have the form of :mod:`media.talks.scripts`."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")


class SpeechFailed(MediaError):  # noqa: N818 -- says what is so
    """The synthesiser would not speak."""
