"""What planning refuses, in words for the person who asked."""

from collections.abc import Iterable, Sequence

from core.errors import FieldError, NotAllowed, _
from scheduler.errors import Taken
from scheduler.spans import Span
from streams.planning.enums import Verdict

REASONS = {
    Verdict.TAKEN: _("This time is taken."),
    Verdict.SKIPPED: _("The clocks go forward and skip this time."),
    Verdict.TWICE: _("The clocks go back and this time comes twice: say which is meant."),
    Verdict.OVER: _("This time is over."),
    Verdict.LATE: _("It starts within 24 hours. An editor can still move it."),
}


class DatesInTheWay(Taken):
    """Some dates are not to be had, so that none was taken; ``judged`` are the verdicts on all."""

    code = "dates_taken"
    message = _("Some dates are not free. Nothing was changed.")

    def __init__(
        self,
        judged: Sequence[object],
        reasons: Iterable[tuple[str, Verdict]],
        alternatives: Iterable[Span] = (),
    ) -> None:
        self.judged = tuple(judged)
        self.errors = tuple(FieldError(f"dates.{key}", REASONS[why]) for key, why in reasons)
        super().__init__(alternatives)


class TooLateToMove(NotAllowed):
    """A host may not move what starts within a day."""

    code = "too_late_to_move"
    message = _("It starts within 24 hours. An editor can still move it.")
