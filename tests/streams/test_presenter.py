"""The demo's presenter, with programs in place of the encoder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from media.test_picture import HEIGHT, WIDTH
from streams import presenter
from streams.presenter import REFUSALS, present, present_talks

pytestmark = pytest.mark.integration

URL = "rtmp://127.0.0.1/live/key"
FRAME = WIDTH * HEIGHT * 3 // 2


class Stop:
    """Waits for nothing; says stop when it has been asked often enough."""

    def __init__(self, after: int = 10_000_000) -> None:
        self.after = after
        self.waited: list[float] = []

    def __call__(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return len(self.waited) > self.after


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Return how to put a shell script in the encoder's place; it appends to a file."""

    def put(script: str) -> Path:
        said = tmp_path / "said"
        program = ["sh", "-c", script.format(said=said)]
        monkeypatch.setattr(presenter, "picture_arguments", lambda _url: program)
        monkeypatch.setattr(presenter, "file_arguments", lambda *_a, **_k: program)
        monkeypatch.setattr(presenter, "talks_arguments", lambda *_a, **_k: program)
        return said

    return put


def test_the_picture_is_pushed_for_its_time(encoder: Callable[[str], Path]) -> None:
    said = encoder("cat > {said}")
    assert present(URL, seconds=0.2, file=None, stopping=Stop())
    assert said.stat().st_size == 5 * FRAME


def test_a_stop_ends_it(encoder: Callable[[str], Path]) -> None:
    said = encoder("cat > {said}")
    assert present(URL, seconds=None, file=None, stopping=Stop(3))
    assert said.stat().st_size == 3 * FRAME


@pytest.mark.parametrize("file", [None, Path("a.mp4")])
def test_a_door_that_keeps_refusing(encoder: Callable[[str], Path], file: Path | None) -> None:
    said = encoder("echo x >> {said}; exit 1")
    assert not present(URL, seconds=None, file=file, stopping=Stop())
    assert said.read_text() == "x\n" * REFUSALS


def test_who_is_cut_off_comes_back(
    encoder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenter, "REFUSED_SECONDS", 0.0)
    said = encoder("echo x >> {said}; head -c 10 > /dev/null; [ $(wc -l < {said}) -ge 8 ] && cat")
    stop = Stop(400)
    assert present(URL, seconds=None, file=None, stopping=stop)
    assert said.read_text() == "x\n" * 8
    assert stop.waited.count(presenter.AGAIN_SECONDS) == 7


def test_a_file_is_pushed_once(encoder: Callable[[str], Path]) -> None:
    said = encoder("echo x >> {said}")
    assert present(URL, seconds=None, file=Path("a.mp4"), stopping=Stop())
    assert said.read_text() == "x\n"


def test_a_time_that_is_over_pushes_nothing(encoder: Callable[[str], Path]) -> None:
    said = encoder("echo x >> {said}")
    assert present(URL, seconds=0, file=None, stopping=Stop())
    assert not said.exists()


def test_talks_are_pushed_until_a_stop(encoder: Callable[[str], Path]) -> None:
    said = encoder("echo x >> {said}; exec sleep 60")
    assert present_talks(URL, playlist=Path("on-air.txt"), stopping=lambda _: said.exists())


def test_talks_that_are_cut_off_say_so(encoder: Callable[[str], Path]) -> None:
    encoder("exit 1")
    assert not present_talks(URL, playlist=Path("on-air.txt"), stopping=Stop())
