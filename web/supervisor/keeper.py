"""Keeps the children alive: starts them, sees them end, starts them again, ends them in order."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from media.process import ProcessFailed
from web.supervisor.restarts import count_crashes, delay_before_restart, is_worth_saying

GLANCE = 0.02  # seconds between two looks at children that are ending


class Child(Protocol):
    """What the keeper needs of a program or a forked role."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def start(self) -> object:
        """Start it."""

    def poll(self) -> int | None:
        """Reap it if it has ended; return its exit code, or ``None`` while it runs."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> int:
        """Kill and reap it."""

    def sweep(self) -> None:
        """Kill what is left of its process group."""


@dataclass
class Member:
    """One child that shall always run, and how its last lives went."""

    name: str
    make: Callable[[], Child]
    child: Child | None = None
    started_at: float = 0.0
    due_at: float | None = None
    crashes: int = 0


class Keeper:
    """Owns the members in the order in which they were added.

    Args:
        say: Takes a sentence for the person at the terminal.
        clock: Seconds that only go forward.
    """

    def __init__(
        self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._say = say
        self._clock = clock
        self._members: list[Member] = []

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of those that run, by name."""
        return {member.name: member.child.pid for member in self._members if member.child}

    def add(self, name: str, make: Callable[[], Child]) -> None:
        """Start a member; from now on :meth:`look` keeps it alive."""
        member = Member(name, make)
        self._members.append(member)
        self._start(member)

    def look(self) -> bool:
        """Reap who ended, start again who is due; tell whether anything was started."""
        started = False
        for member in self._members:
            self._reap(member)
            if member.due_at is not None and member.due_at <= self._clock():
                self._start(member)
                started = True
        return started

    def seconds_until_due(self) -> float:
        """Return how long nothing has to be started; infinite when all are running."""
        due = [member.due_at for member in self._members if member.due_at is not None]
        return max(0.0, min(due) - self._clock()) if due else math.inf

    def stop(self, names: Sequence[str], grace: float) -> None:
        """Ask these to end together, wait ``grace`` seconds at most, kill the rest, reap all."""
        members = [member for member in self._members if member.name in names]
        self._members = [member for member in self._members if member not in members]
        children = [member.child for member in members if member.child is not None]
        for child in children:
            child.terminate()
        until = self._clock() + grace
        while any(child.poll() is None for child in children) and self._clock() < until:
            time.sleep(GLANCE)
        for child in children:
            if child.poll() is None:
                child.kill()
            child.sweep()

    def stop_all(self, grace: float) -> None:
        """Stop whoever is left."""
        self.stop([member.name for member in self._members], grace)

    def _start(self, member: Member) -> None:
        member.due_at = None
        member.started_at = self._clock()
        child = member.make()
        try:
            child.start()
        except ProcessFailed as error:
            self._plan_restart(member, str(error))
        else:
            member.child = child

    def _reap(self, member: Member) -> None:
        if member.child is None:
            return
        code = member.child.poll()
        if code is None:
            return
        member.child.sweep()
        member.child = None
        self._plan_restart(member, f"it ended with {code}")

    def _plan_restart(self, member: Member, reason: str) -> None:
        member.crashes = count_crashes(member.crashes, self._clock() - member.started_at)
        member.due_at = self._clock() + delay_before_restart(member.crashes)
        if is_worth_saying(member.crashes):
            self._say(
                f"{member.name} does not stay up ({reason}; its reasons are in"
                f" logs/{member.name}.log); it is tried again every few seconds."
            )
