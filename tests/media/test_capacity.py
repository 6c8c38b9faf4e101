"""What a machine carries: measured once, kept while nothing changes, and never in the way."""

import json
from pathlib import Path

import pytest

from media import capacity
from media.capacity import ensure_capacity, guessed_capacity, known_capacity, measure_capacity
from media.process import ProcessFailed
from media.rungs import Capacity

MEASURED = Capacity(cores=2, decode=0.001, rung=0.011, source=0.008)
MACHINE: dict[str, str | int] = {"ffmpeg": "8.1", "cores": 2}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | int]:
    """Return what the machine is said to be; a test may change it."""
    said = dict(MACHINE)
    monkeypatch.setattr(capacity, "_machine", lambda: said)
    return said


@pytest.fixture
def measurements(monkeypatch: pytest.MonkeyPatch) -> list[Capacity]:
    """Return the measurements that were made."""
    made: list[Capacity] = []

    def measure() -> Capacity:
        made.append(MEASURED)
        return MEASURED

    monkeypatch.setattr(capacity, "measure_capacity", measure)
    return made


@pytest.mark.unit
def test_a_second_start_measures_nothing(
    tmp_path: Path, machine: dict[str, str | int], measurements: list[Capacity]
) -> None:
    del machine
    assert known_capacity(tmp_path) is None
    assert [ensure_capacity(tmp_path) for _ in range(2)] == [MEASURED] * 2
    assert len(measurements) == 1
    assert known_capacity(tmp_path) == MEASURED


@pytest.mark.unit
@pytest.mark.parametrize(("name", "value"), [("ffmpeg", "9.0"), ("cores", 8)])
def test_another_machine_is_measured_again(
    tmp_path: Path,
    machine: dict[str, str | int],
    measurements: list[Capacity],
    name: str,
    value: str | int,
) -> None:
    ensure_capacity(tmp_path)
    machine[name] = value
    assert known_capacity(tmp_path) is None
    ensure_capacity(tmp_path)
    assert len(measurements) == 2


@pytest.mark.unit
@pytest.mark.parametrize("kept", ["", "{}", "[]", '{"machine": 1, "capacity": {"cores": 1}}'])
def test_what_was_kept_badly_is_measured_again(
    tmp_path: Path, machine: dict[str, str | int], measurements: list[Capacity], kept: str
) -> None:
    del machine
    (tmp_path / "capacity.json").write_text(kept)
    assert ensure_capacity(tmp_path) == MEASURED
    assert len(measurements) == 1
    assert json.loads((tmp_path / "capacity.json").read_text())["machine"] == MACHINE


@pytest.mark.unit
def test_a_guess_is_of_a_slow_machine() -> None:
    guess = guessed_capacity()
    assert guess.cores >= 1
    assert all(
        getattr(guess, name) > getattr(MEASURED, name) for name in ("decode", "rung", "source")
    )


@pytest.mark.integration
def test_the_machine_is_measured_with_the_real_ffmpeg() -> None:
    found = measure_capacity()
    assert found.cores >= 1
    assert 0 < found.decode < found.source
    assert found.rung > 0


@pytest.mark.integration
def test_an_ffmpeg_that_says_nothing_is_no_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o700)
    monkeypatch.setattr("media.ffmpeg.capacity.ffmpeg_path", lambda: str(program))
    with pytest.raises(ProcessFailed, match="how long it took"):
        measure_capacity()
