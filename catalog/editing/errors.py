"""What editing refuses; two of the refusals carry both texts, so that nothing typed is lost."""

from collections.abc import Mapping
from typing import Any

from core.errors import Refusal, WrongState, _


class Collision(Refusal):
    """Somebody else wrote what this was based on; ``theirs`` is how it stands now."""

    status = 409
    code = "wrong_state"

    def __init__(self, theirs: Mapping[str, Any]) -> None:
        self.theirs = theirs
        super().__init__()


class DraftMoved(Collision):
    """The draft, or the page without one, was changed after the form had been opened."""

    message = _("Somebody else saved this after you had opened it. Nothing is lost: compare both.")


class LiveMoved(Collision):
    """The page was changed after the draft had been begun."""

    message = _("The page was changed after this draft had been begun. Compare both first.")


class NoDraft(WrongState):
    """There is no draft (any more) to publish or to discard."""

    message = _("There is no draft any more: it was published or discarded.")


class DraftInTheWay(WrongState):
    """A draft that was put aside cannot become the draft while there is another."""

    message = _("There is a draft already. Publish or discard it first.")


class MovedOn(WrongState):
    """Something newer was published than what the person saw."""

    message = _("Something newer was published meanwhile. Look at the history first.")


class StillInUse(WrongState):
    """Livestreams belong to it, so it cannot be taken away."""

    message = _("Livestreams belong to it. Take them out first.")
