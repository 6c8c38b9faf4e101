"""What can go wrong when work is claimed, run or asked for again."""

from core.errors import NotFound, WrongState, _


class NoSuchWork(NotFound):
    """There is no such piece of work."""

    code = "no_such_work"


class NotRetryable(WrongState):
    """Only what has failed or was cancelled can be asked for again."""

    code = "not_retryable"
    message = _("This is not waiting for another try.")


class NotCancellable(WrongState):
    """What is done cannot be cancelled."""

    code = "not_cancellable"
    message = _("This is finished already.")


class LeaseLost(Exception):  # noqa: N818 -- says what happened; the worker stops the step
    """Another worker has the work now, or a person cancelled it; nothing more may be written."""

    def __init__(self, work_id: str) -> None:
        super().__init__(f"the lease of work {work_id} is lost")
