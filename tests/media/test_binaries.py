from pathlib import Path

import pytest

from media import binaries
from media.process import run_checked


@pytest.mark.integration
@pytest.mark.parametrize(
    ("program", "question", "answer"),
    [
        ("ffmpeg", "-version", b"ffmpeg version"),
        ("ffprobe", "-version", b"ffprobe version"),
        ("nginx", "-v", b"nginx version"),
        ("weed", "version", b"SeaweedFS"),
    ],
)
def test_program_is_found_and_runs(program: str, question: str, answer: bytes) -> None:
    done = run_checked([binaries.PROGRAMS[program](), question], timeout=30)
    assert answer in done.stdout + done.stderr


@pytest.mark.unit
def test_program_on_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "ffmpeg"
    own.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    binaries.ffmpeg_path.cache_clear()
    assert binaries.ffmpeg_path() == own
    binaries.ffmpeg_path.cache_clear()


@pytest.mark.unit
def test_program_that_is_nowhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)  # noqa: ARG005 -- its signature
    binaries.nginx_path.cache_clear()
    with pytest.raises(binaries.ProgramMissing, match="nginx is missing"):
        binaries.nginx_path()
