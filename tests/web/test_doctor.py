import json
import os
import socket
import sys
from pathlib import Path

import pytest

from core.settings import TABLE, read_settings
from media.process import ChildProcess
from web.doctor import (
    Finding,
    State,
    as_document,
    is_well,
    look_at_port,
    look_at_storage,
    shown_settings,
    what_live_carries,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.unit
@pytest.mark.parametrize(("speed", "feeds"), [(0.9, 0), (1.5, 1), (4.3, 3), (10.0, 7)])
def test_live_carries_what_leaves_headroom(speed: float, feeds: int) -> None:
    assert what_live_carries(speed) == feeds


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
    assert as_document(findings) == {"storage": {"state": "off", "seen": "starts with the site"}}


@pytest.mark.integration
def test_port_of_another_program_is_a_fault(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = read_settings({"MINDCAST_HOME": str(tmp_path), "PORT": str(port)})
        assert look_at_port(settings, is_running=False).state is State.FAILED
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
    assert "hunter2" not in log.read_text()
    assert not (tmp_path / "none").exists()
