"""The two commands as a person runs them, with the storage server of the home."""

import os
import signal
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from media.storage import S3Storage
from tests.conftest import NOW
from tests.fakes.homes import Place, spool_of
from web.archive import home as archive_home
from web.archive.backup import back_up
from web.archive.telling import guard_process
from web.cli import main, mindcast
from web.commands import backup, restore

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the signals and the umask of the test runner alone."""
    for module in (backup, restore):
        monkeypatch.setattr(module, "guard_process", lambda: None)


def run(home: Path, *arguments: str) -> Result:
    environ = {"MINDCAST_HOME": str(home), "MINDCAST_DEMO": "0"}
    return CliRunner(env=environ).invoke(mindcast, arguments)


def members_of(archive: Path) -> dict[str, bytes]:
    """Return spool and objects, which do not depend on the moment and the home."""
    with tarfile.open(archive) as tar:
        return {
            info.name: body.read()
            for info in tar
            if info.name.startswith(("spool/", "objects/")) and (body := tar.extractfile(info))
        }


def test_home_that_does_not_run_gets_its_storage_for_the_time(
    old: Place, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_home, "S3Storage", S3Storage)
    again = tmp_path / "again.tar"
    restored = run(tmp_path / "real", "restore", str(archive))
    saved = run(tmp_path / "real", "backup", str(again))
    assert (restored.exit_code, saved.exit_code) == (0, 0), restored.output + saved.output
    assert members_of(again) == members_of(archive)
    assert len(members_of(again)) == len(old.bucket.objects) + len(spool_of(old.settings))
    assert "Done" in saved.stderr
    assert saved.stdout == ""


def test_term_ends_a_backup_without_a_trace(old: Place, tmp_path: Path) -> None:
    mask, before = os.umask(0o022), signal.getsignal(signal.SIGTERM)
    hup = signal.getsignal(signal.SIGHUP)
    guard_process()
    try:
        with pytest.raises(SystemExit) as ended:
            back_up(
                old.environ,
                tmp_path / "b.tar",
                force=False,
                now=NOW,
                say=lambda _: signal.raise_signal(signal.SIGTERM),
            )
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGHUP, hup)
        given = os.umask(mask)
    assert (ended.value.code, given) == (1, 0o077)
    assert not list(tmp_path.glob("b.tar*"))


@pytest.mark.parametrize("arguments", [["backup"], ["restore"], ["backup", "a", "b"]])
def test_wrong_use_is_told_apart(tmp_path: Path, arguments: list[str]) -> None:
    assert run(tmp_path / "home", *arguments).exit_code == 2


def test_refusal_is_one_sentence_on_standard_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINDCAST_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.argv", ["mindcast", "restore", str(tmp_path / "no.tar")])
    with pytest.raises(SystemExit) as ended:
        main()
    seen = capsys.readouterr()
    assert (ended.value.code, seen.out) == (1, "")
    assert seen.err == f"{tmp_path / 'no.tar'} cannot be used: No such file or directory.\n"
