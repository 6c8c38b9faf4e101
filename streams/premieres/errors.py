"""What premieres refuse, in words for the person who asked."""

from core.errors import WrongState, _


class NewTalkComing(WrongState):
    """Another file is on its way in, and would take the place of what is decided on."""

    code = "new_talk_coming"
    message = _("Another file is on its way in. Cancel it first, or wait until it is there.")
