"""Steps of a start that need a database or threads run in a fork: the supervisor stays clean."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.errors import Refusal, SettingError
from web.supervisor.errors import AS_IT_SAYS, STEP_FAILED, StartRefused
from web.supervisor.fork import ForkedProcess


class Stopped(Exception):  # noqa: N818 -- not a fault: somebody wants the start to end
    """The start was interrupted by a signal."""


def run_step(
    name: str,
    work: Callable[[], Any],
    *,
    log: Path,
    release: Callable[[], None],
    wait: Callable[[float], bool],
) -> Any:  # noqa: ANN401 -- whatever JSON the step returns
    """Run ``work`` in a forked child and return its result, which passes through JSON.

    Raises:
        StartRefused: The step failed; the log has more than the sentence.
        Stopped: ``wait`` told of a stop.
    """
    reading, writing = os.pipe()
    child = ForkedProcess(name, lambda: _report(work, writing), log, release)
    try:
        child.start()
        os.close(writing)
        _wait_for(child, wait)
        with os.fdopen(reading, "rb", closefd=False) as answers:
            answer = answers.read()
    finally:
        os.close(reading)
    return _unpack(name, answer, child.wait())


def _wait_for(child: ForkedProcess, wait: Callable[[float], bool]) -> None:
    while child.poll() is None:
        if wait(0.2):
            child.kill()
            raise Stopped


def _report(work: Callable[[], Any], writing: int) -> int:
    try:
        answer = {"result": work()}
    except (Refusal, SettingError) as refusal:
        answer = {"refusal": str(refusal)}
    except Exception as error:
        answer = {"error": _in_one_line(error)}
        _send(writing, answer)
        raise
    _send(writing, answer)
    return 0


def _send(writing: int, answer: dict[str, Any]) -> None:
    """Send the answer: it fits a pipe's 64 KiB, so that nobody has to read before the end."""
    with suppress(BrokenPipeError):
        os.write(writing, json.dumps(answer).encode())


def _unpack(name: str, answer: bytes, code: int) -> Any:  # noqa: ANN401 -- as above
    told = json.loads(answer) if answer else {"error": f"it ended with {code}"}
    if "refusal" in told:
        raise StartRefused(AS_IT_SAYS, **told)
    if "error" in told:
        raise StartRefused(STEP_FAILED, step=name.capitalize(), reason=told["error"])
    return told["result"]


def _in_one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
