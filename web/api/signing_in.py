"""Routes that need somebody: strangers are told so before their input is looked at."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from core.errors import SignInNeeded
from web.security import current_actor

P = ParamSpec("P")
R = TypeVar("R")


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Refuse strangers."""

    @wraps(view)
    def for_somebody(*args: P.args, **kwargs: P.kwargs) -> R:
        if current_actor().user_id is None:
            raise SignInNeeded
        return view(*args, **kwargs)

    return for_somebody
