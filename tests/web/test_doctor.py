import json
import os
import socket
import sys
from pathlib import Path

import pytest

from core.settings import TABLE, read_settings
from media.process import ChildProcess, ProcessFailed
from media.rungs import RUNGS, Capacity, Rung
from web.doctor import (
    Finding,
    State,
    as_document,
    as_lines,
    installation,
    is_well,
    machine,
    shown_settings,
)
from web.doctor.installation import (
    look_at_database,
    look_at_disk,
    look_at_port,
    look_at_program,
    look_at_storage,
)
from web.doctor.machine import (
    after_the_end,
    carried_in_words,
    free_memory,
    look_at_cores,
    look_at_encoders,
    look_at_live,
    look_at_memory,
    wanted_rungs,
)

ROOT = Path(__file__).parents[2]


TWO_CORES = Capacity(cores=2, decode=0.001, rung=0.011, source=0.008)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("capacity", "rungs", "words"),
    [
        (
            TWO_CORES,
            RUNGS,
            "14 x 720p30 copied, or 3 x copied with 480+360+240 below, or 2 x encoded with them",
        ),
        (
            TWO_CORES,
            (),
            "14 x 720p30 copied, or 4 x encoded",
        ),
        (
            Capacity(cores=1, decode=0.01, rung=0.1, source=0.1),
            RUNGS[-1:],
            "7 x 720p30 copied, or 1 x copied with 240 below, or 0 x encoded with them",
        ),
    ],
)
def test_what_is_carried_is_said_in_words(
    capacity: Capacity, rungs: tuple[Rung, ...], words: str
) -> None:
    live, ladder = carried_in_words(capacity, rungs).split("; after the end ")
    assert live == words
    assert ladder == f"{after_the_end(capacity):.1f} x real time"


@pytest.mark.unit
@pytest.mark.parametrize(("value", "lines"), [("auto", [480, 360, 240]), ("0", []), ("240", [240])])
def test_the_rungs_that_an_operator_wants_are_measured(
    tmp_path: Path, value: str, lines: list[int]
) -> None:
    settings = read_settings({"MINDCAST_HOME": str(tmp_path), "LIVE_RUNGS": value})
    assert [rung.lines for rung in wanted_rungs(settings)] == lines


@pytest.mark.unit
def test_every_fault_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "ffmpeg"

    def broken(*_arguments: object, **_options: object) -> None:
        raise ProcessFailed(program, 1, "broken")

    settings = read_settings({"MINDCAST_HOME": str(tmp_path), "DATABASE_URL": "sqlite:////no/no"})
    for module in (installation, machine):
        monkeypatch.setattr(module, "run_checked", broken)
    monkeypatch.setattr(machine, "measure_capacity", broken)
    monkeypatch.setattr(machine, "cores", lambda: 1)
    monkeypatch.setattr(machine, "ENOUGH_MEMORY", 2**60)
    monkeypatch.setattr(installation, "LITTLE_ROOM", 2**60)
    found = [
        look_at_program("ffmpeg"),
        look_at_cores(),
        look_at_memory(),
        look_at_disk(settings),
        look_at_database(settings),
        look_at_encoders(),
        look_at_live(settings),
    ]
    assert {one.state for one in found} == {State.FAILED}
    assert all(one.advice.endswith(".") for one in found)
    lines = as_lines({"live": found[-1]})
    assert len(lines) == 2
    assert lines[1].strip() == found[-1].advice


@pytest.mark.unit
def test_memory_is_what_programs_can_still_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "meminfo"
    monkeypatch.setattr(machine, "MEMORY_FILE", file)
    assert look_at_memory().state is State.OFF
    file.write_text("MemTotal: 9 kB\nMemAvailable:  4194304 kB\n")
    assert free_memory() == 4 * 2**30
    assert look_at_memory() == Finding(State.OK, "4.0 GiB free")


@pytest.mark.unit
def test_secrets_are_shown_as_set_only() -> None:
    values = {setting.name: "hunter2" for setting in TABLE}
    shown = shown_settings(values.get)
    assert {name for name, value in shown.items() if value == "(set)"} == {
        setting.name for setting in TABLE if setting.secret
    }
    values.clear()
    assert shown_settings(values.get)["SECRET_KEY"] == ""


@pytest.mark.unit
def test_what_is_off_is_no_fault() -> None:
    findings = {"storage": Finding(State.OFF, "starts with the site")}
    assert is_well(findings)
    assert not is_well({**findings, "port": Finding(State.FAILED, "in use")})
    assert as_document(findings) == {
        "storage": {"state": "off", "seen": "starts with the site", "advice": ""}
    }


@pytest.mark.integration
def test_port_of_another_program_is_a_fault(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = read_settings({"MINDCAST_HOME": str(tmp_path), "PORT": str(port)})
        taken = look_at_port(settings, is_running=False)
        assert taken.state is State.FAILED
        assert "PORT" in taken.advice
        assert look_at_port(settings, is_running=True).state is State.OK
    assert look_at_storage(settings, is_running=False).state is State.OFF


@pytest.mark.integration
def test_doctor_prints_one_document(tmp_path: Path) -> None:
    env = {**os.environ, "MINDCAST_HOME": str(tmp_path / "none"), "SECRET_KEY": "hunter2"}
    log = tmp_path / "out"
    command = [sys.executable, "-m", "web.cli", "doctor", "--json"]
    with ChildProcess(command, cwd=ROOT, env=env, log=log) as doctor:
        assert doctor.wait(100) in {0, 1}
    document = json.loads(log.read_text())
    assert set(document) == {"ok", "versions", "settings", "findings"}
    assert document["findings"]["database"]["state"] == "off"
    assert " x 720p30 copied" in document["findings"]["live"]["seen"]
    faults = [one for one in document["findings"].values() if one["state"] == "failed"]
    assert [one for one in faults if not one["advice"]] == []
    assert document["ok"] is (faults == [])
    assert "hunter2" not in log.read_text()
    assert not (tmp_path / "none").exists()
