"""A shelf keeps what is current and nothing else."""

import weakref
from collections.abc import Iterator

import pytest

from core.shelf import Shelf

pytestmark = pytest.mark.unit


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def counted() -> Iterator[int]:
    yield from range(1, 100)


def test_a_thing_is_kept_while_its_version_is_the_same(clock: Clock) -> None:
    shelf, made = Shelf(clock=clock, seconds=5), counted()
    found = [shelf.fetch("home", version, lambda: next(made)) for version in ("a", "a", "b", "b")]
    assert found == [1, 1, 2, 2]


def test_a_thing_is_made_again_when_its_seconds_are_over(clock: Clock) -> None:
    shelf, made = Shelf(clock=clock, seconds=5), counted()
    found = [shelf.fetch("home", 1, lambda: next(made))]
    for moved in (4.9, 0.1):
        clock.now += moved
        found.append(shelf.fetch("home", 1, lambda: next(made)))
    assert found == [1, 1, 2]


def test_the_seconds_count_from_before_it_was_made(clock: Clock) -> None:
    shelf = Shelf(clock=clock, seconds=5)

    def make_slowly() -> str:
        clock.now += 5
        return "read before a change"

    shelf.fetch("home", 1, make_slowly)
    assert shelf.fetch("home", 1, lambda: "read after it") == "read after it"


def test_what_was_not_asked_for_longest_goes_first(clock: Clock) -> None:
    shelf, made = Shelf(clock=clock, most=2), counted()
    for key in ("one", "two", "one", "three"):
        shelf.fetch(key, 1, lambda: next(made))
    found = [shelf.fetch(key, 1, lambda: next(made)) for key in ("one", "three", "two")]
    assert found == [1, 3, 4]


def test_nothing_is_kept_of_what_could_not_be_made(clock: Clock) -> None:
    shelf = Shelf(clock=clock)
    with pytest.raises(ZeroDivisionError):
        shelf.fetch("home", 1, lambda: 1 // 0)
    assert shelf.fetch("home", 1, lambda: "made") == "made"


def test_what_is_over_is_let_go_when_something_else_is_put(clock: Clock) -> None:
    shelf = Shelf(clock=clock, seconds=5)
    page = weakref.ref(shelf.fetch("old", 1, Clock))
    clock.now += 5
    shelf.fetch("new", 1, lambda: "another")
    assert page() is None
