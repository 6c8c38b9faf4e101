import os
import select
import signal
import sys
import threading
from pathlib import Path
from subprocess import PIPE

import pytest

from media.process import ChildProcess, ProcessFailed, run_checked

pytestmark = pytest.mark.integration

SLEEPER = [sys.executable, "-S", "-c", "import signal; signal.pause()"]
DEAF_CODE = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
while True:
    signal.pause()
"""
DEAF = [sys.executable, "-S", "-c", DEAF_CODE]


def test_run_checked_returns_output() -> None:
    done = run_checked([sys.executable, "-S", "-c", "print(input())"], stdin=b"hello", timeout=20)
    assert done.stdout == b"hello\n"


def test_run_checked_names_program_code_and_reason() -> None:
    with pytest.raises(ProcessFailed) as caught:
        run_checked([sys.executable, "-S", "-c", "raise SystemExit('no such tune')"], timeout=20)
    assert str(caught.value) == f"{sys.executable} ended with 1: no such tune"
    assert caught.value.returncode == 1


def test_run_checked_kills_what_takes_too_long() -> None:
    with pytest.raises(ProcessFailed, match=r"did not finish: more than 0\.2 seconds"):
        run_checked(SLEEPER, timeout=0.2)


def test_missing_program_is_one_failure() -> None:
    with pytest.raises(ProcessFailed, match="No such file or directory"):
        run_checked(["/nowhere/program"], timeout=5)
    with pytest.raises(ProcessFailed, match="No such file or directory"):
        ChildProcess(["/nowhere/program"]).start()


def test_stop_ends_a_willing_child_with_sigterm() -> None:
    with ChildProcess(SLEEPER) as child:
        assert child.running
        assert child.stop() == -signal.SIGTERM
        assert not child.running


def test_stop_kills_a_child_that_does_not_listen() -> None:
    with ChildProcess(DEAF, stdout=PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        assert child.stop(grace=0.1) == -signal.SIGKILL


def test_log_collects_output_and_errors(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr)"
    with ChildProcess([sys.executable, "-S", "-c", code], log=log) as child:
        assert child.wait(20) == 0
    assert log.read_bytes() == b"out\nerr\n"


def test_child_outlives_the_thread_that_started_it() -> None:
    child = ChildProcess(SLEEPER)
    thread = threading.Thread(target=child.start)
    thread.start()
    thread.join()
    assert child.wait(0.2) is None
    child.close()


def test_child_dies_with_a_killed_parent() -> None:
    code = (
        "import sys; from media.process import ChildProcess\n"
        f"child = ChildProcess({SLEEPER!r}).start(); print(child.pid, flush=True); child.wait()"
    )
    root = Path(__file__).parents[2]
    with ChildProcess([sys.executable, "-c", code], cwd=root, stdout=PIPE) as parent:
        assert parent.stdout is not None
        grandchild = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        assert _ends(grandchild)


def _ends(pidfd: int) -> bool:
    ready, _, _ = select.select([pidfd], [], [], 10)
    os.close(pidfd)
    return bool(ready)


def test_memory_is_bounded_for_one_child_alone() -> None:
    greedy = [sys.executable, "-S", "-c", "bytearray(1 << 30)"]
    with pytest.raises(ProcessFailed, match="MemoryError"):
        run_checked(greedy, timeout=20, memory=512 << 20)
    assert run_checked(greedy, timeout=20).returncode == 0
    with ChildProcess(greedy, memory=512 << 20) as child:
        assert child.wait(20) == 1
