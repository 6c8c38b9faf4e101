"""The parts of the supervisor, each alone."""

import json
import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import Refusal
from core.settings import Settings, read_settings
from web.supervisor.choices import PORTS, make_choices
from web.supervisor.errors import StartRefused
from web.supervisor.home import check_demo, log_file, open_home
from web.supervisor.keeper import Keeper
from web.supervisor.ports import LOOPBACK, choose_ports, is_loopback, listening
from web.supervisor.ready import Readiness, read_readiness
from web.supervisor.restarts import count_crashes, delay_before_restart, is_worth_saying
from web.supervisor.run_file import remove_run_file, write_run_file
from web.supervisor.steps import Stopped, run_step
from web.supervisor.storage import arguments, environment

REASON = "Not today."


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    return read_settings({"MINDCAST_HOME": str(tmp_path / "home")})


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 -- asked about, not bound
        ("192.0.2.7", False),
        ("example.org", False),
    ],
)
def test_loopback_is_recognised(address: str, expected: bool) -> None:  # noqa: FBT001 -- a parameter
    assert is_loopback(address) is expected


@pytest.mark.unit
def test_demo_on_an_open_address_is_refused() -> None:
    with pytest.raises(StartRefused, match=r"BIND=0\.0\.0\.0 is open to others: set MINDCAST_DEMO"):
        check_demo(read_settings({"BIND": "0.0.0.0"}))  # noqa: S104 -- refused, not bound
    check_demo(read_settings({"BIND": "0.0.0.0", "MINDCAST_DEMO": "0"}))  # noqa: S104 -- as above


@pytest.mark.integration
def test_port_in_use_is_one_sentence(taken: int) -> None:
    with pytest.raises(StartRefused) as caught:
        listening(LOOPBACK, taken, "PORT")
    assert (
        str(caught.value)
        == f"Port {taken} is in use by another program: choose another one with PORT=…"
    )


@pytest.mark.integration
def test_ports_are_kept_while_they_are_free(taken: int) -> None:
    first = choose_ports(["a", "b", "c"], {})
    assert len(set(first.values())) == 3
    assert choose_ports(["a", "b", "c"], first) == first
    again = choose_ports(["a", "b"], {"a": taken, "b": "nonsense"})
    assert taken not in again.values()


@pytest.mark.integration
def test_choices_are_kept_private_and_stay(given: Settings) -> None:
    environ = {"MINDCAST_HOME": str(given.home)}
    settings, choices = make_choices(environ)
    kept = given.home / "services.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text()) == choices
    assert set(PORTS) <= set(choices)
    assert settings.s3_endpoint_url == f"http://127.0.0.1:{choices['storage_s3_port']}"
    assert settings.secret_key
    assert make_choices(environ) == (settings, choices)


@pytest.mark.integration
def test_choices_leave_a_storage_elsewhere_alone(given: Settings) -> None:
    environ = {
        "MINDCAST_HOME": str(given.home),
        "S3_ENDPOINT_URL": "https://objects.example",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "RTMP_PORT": "1935",
    }
    settings, choices = make_choices(environ)
    assert settings.s3_endpoint_url == "https://objects.example"
    assert settings.aws_access_key_id == "key"
    assert choices["rtmp_port"] == 1935
    assert "aws_secret_access_key" not in choices


@pytest.mark.integration
def test_home_is_private_and_has_one_supervisor(given: Settings) -> None:
    with open_home(given):
        assert stat.S_IMODE(given.home.stat().st_mode) == 0o700
        with pytest.raises(StartRefused, match="Mindcast already runs with MINDCAST_HOME="):
            open_home(given)
    open_home(given).close()


@pytest.mark.integration
def test_unusable_home_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartRefused, match="cannot be used: Not a directory"):
        open_home(read_settings({"MINDCAST_HOME": str(tmp_path / "file" / "home")}))
    with pytest.raises(StartRefused, match="has a character"):
        open_home(read_settings({"MINDCAST_HOME": str(tmp_path / "a;b")}))


@pytest.mark.integration
def test_full_disk_is_one_sentence(given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.supervisor.home.ROOM_NEEDED", 2**62)
    with pytest.raises(StartRefused, match=r"MiB left; at least \d+ are needed"):
        open_home(given)


@pytest.mark.integration
def test_long_log_is_put_aside(given: Settings) -> None:
    with open_home(given):
        log_file(given, "web").write_bytes(b"x" * (10 * 2**20 + 1))
        assert not log_file(given, "web").exists()
        assert (given.home / "logs" / "web.log.1").exists()


@pytest.mark.integration
def test_run_file_is_private(tmp_path: Path) -> None:
    write_run_file(tmp_path, url="u", rtmp_url="r", pids={"web": 1}, accounts=[{"role": "viewer"}])
    path = tmp_path / "run.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == {
        "url": "u",
        "rtmp_url": "r",
        "pids": {"web": 1},
        "accounts": [{"role": "viewer"}],
    }
    remove_run_file(tmp_path)
    remove_run_file(tmp_path)
    assert not path.exists()


@pytest.mark.unit
def test_restart_is_fast_first_and_then_slow() -> None:
    delays = [delay_before_restart(crashes) for crashes in range(1, 8)]
    assert delays == [0.1, 0.3, 0.6, 1.2, 2.4, 10.0, 10.0]
    assert [crashes for crashes in range(1, 8) if is_worth_saying(crashes)] == [5]
    assert count_crashes(4, lived=1.0) == 5
    assert count_crashes(4, lived=60.0) == 1


class Doomed:
    """A child that ends at once."""

    pid = 7

    def __init__(self, journal: list[str]) -> None:
        self.journal = journal

    def start(self) -> None:
        self.journal.append("start")

    def poll(self) -> int | None:
        return 3

    def terminate(self) -> None:
        self.journal.append("terminate")

    def kill(self) -> int:
        return 0

    def sweep(self) -> None:
        self.journal.append("sweep")


@pytest.mark.unit
def test_keeper_starts_again_and_says_so_once() -> None:
    journal: list[str] = []
    said: list[str] = []
    moment = [0.0]
    keeper = Keeper(said.append, clock=lambda: moment[0])
    keeper.add("web", lambda: Doomed(journal))
    while moment[0] < 20:
        keeper.look()
        moment[0] += min(keeper.seconds_until_due(), 0.5)
    assert journal == ["start", "sweep"] * 7
    assert len(said) == 1
    assert said[0].startswith("web does not stay up (it ended with 3; its reasons are in logs/web")
    keeper.stop_all(0.0)
    assert keeper.pids == {}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"", Readiness(ready=True)),
        (503, b'{"checks": {"live": "failed", "web": "ok"}}', Readiness(False, ("live",))),  # noqa: FBT003 -- read aloud
        (503, b"Back in a moment.", Readiness(False, ("web",))),  # noqa: FBT003 -- as above
    ],
)
def test_readiness_names_what_is_missing(status: int, body: bytes, expected: Readiness) -> None:
    assert read_readiness(status, body) == expected


def _step(tmp_path: Path, work: object, *, stop: bool = False) -> object:
    return run_step(
        "database",
        work,  # type: ignore[arg-type]  # each test's own
        log=tmp_path / "log",
        release=lambda: None,
        wait=lambda seconds: stop and seconds > 0,
    )


@pytest.mark.integration
def test_step_returns_what_the_fork_found(tmp_path: Path) -> None:
    parent = os.getpid()
    assert _step(tmp_path, lambda: {"elsewhere": os.getpid() != parent}) == {"elsewhere": True}


@pytest.mark.integration
def test_step_that_fails_is_one_sentence_and_a_log(tmp_path: Path) -> None:
    def fail() -> None:
        int("no\nsuch thing")

    def refuse() -> None:
        raise Refusal(REASON)

    with pytest.raises(StartRefused, match=r"^Database failed: ValueError: invalid lit"):
        _step(tmp_path, fail)
    assert "in fail" in (tmp_path / "log").read_text()
    with pytest.raises(StartRefused, match=r"^Not today\.$"):
        _step(tmp_path, refuse)
    with pytest.raises(StartRefused, match=r"^Database failed: it ended with 9\.$"):
        _step(tmp_path, lambda: os._exit(9))


@pytest.mark.integration
def test_step_ends_when_a_stop_is_requested(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        _step(tmp_path, signal.pause, stop=True)


@pytest.mark.unit
def test_storage_is_closed_to_the_world(given: Settings) -> None:
    ports = {name: 20000 + number for number, name in enumerate(PORTS)}
    args = arguments(given, ports, Path("/data"), Path("/config"))
    assert {
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-admin.ui=false",
        "-webdav=false",
        "-master.telemetry=false",
        "-s3.config=/config",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    } <= set(args)
    fixed = [arg for arg in args if ".port" in arg and not arg.endswith("=0")]
    assert len(fixed) == len({arg.partition("=")[2] for arg in fixed}) == 10
    keys = {
        f"storage_jwt_{name}": name for name in ("volume", "volume_read", "filer", "filer_read")
    }
    assert environment(keys) == {
        "PATH": os.defpath,
        "GOMEMLIMIT": "400MiB",
        "WEED_JWT_SIGNING_KEY": "volume",
        "WEED_JWT_SIGNING_READ_KEY": "volume_read",
        "WEED_JWT_FILER_SIGNING_KEY": "filer",
        "WEED_JWT_FILER_SIGNING_READ_KEY": "filer_read",
    }
