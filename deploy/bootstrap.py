"""Make .venv and install into it: the only code that runs before anything is installed.

usage: bootstrap.py run|dev

Only the standard library is used. pip brings uv, uv installs the rest in seconds; where uv cannot
work pip does all of it. Every package is checked against a hash. A stamp of the lock makes the next
call return at once.
"""
# Sentences for a person stand where they are raised.
# ruff: noqa: EM102, TRY003

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "deploy" / "requirements"
LOG = VENV / "bootstrap.log"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOM_NEEDED = 2 * 2**30  # bytes; the programs that come in wheels are large
SEEN = {"run": ("run", "dev"), "dev": ("dev",)}  # what dev installs is enough for run
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


class Failed(Exception):  # noqa: N818 -- becomes the one sentence on the terminal
    """The installation cannot go on; the message is one sentence."""


def main(kind: str) -> None:
    """Install what ``kind`` needs, unless that is what was installed last."""
    use_a_new_enough_python()
    if is_current(kind):
        return
    check_room()
    make_venv()
    install(LOCKS / f"{kind}.txt")
    install_project()
    stamp(kind).write_text(lock_hash(kind), encoding="utf-8")


def use_a_new_enough_python() -> None:
    """Run this script again with a newer Python if there is one and this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 -- the same script, a found interpreter
    wanted = ".".join(map(str, OLDEST))
    raise Failed(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}.")


def is_current(kind: str) -> bool:
    """Whether the environment holds exactly what the lock names."""
    return PYTHON.exists() and any(
        stamp(name).exists() and stamp(name).read_text(encoding="utf-8") == lock_hash(name)
        for name in SEEN[kind]
    )


def stamp(kind: str) -> Path:
    """Return the file that says what was installed last."""
    return VENV / f".stamp-{kind}"


def lock_hash(kind: str) -> str:
    """Return a hash of everything an installation depends on."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (LOCKS / f"{kind}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def check_room() -> None:
    """Refuse early what would fail halfway on a full disk."""
    free = shutil.disk_usage(ROOT).free
    if not PYTHON.exists() and free < ROOM_NEEDED:
        needed = ROOM_NEEDED // 2**20
        raise Failed(f"{ROOT} has {free // 2**20} MiB left on its disk; {needed} MiB are needed.")


def make_venv() -> None:
    """Make .venv; a Python that came without ensurepip borrows the system's pip."""
    if works([PYTHON, "-c", ""]):
        return
    say("Making .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    if works([sys.executable, "-m", "venv", VENV]):
        return
    if not works([sys.executable, "-m", "venv", "--without-pip", VENV]):
        raise Failed(f"Python cannot make {VENV}: {last_words()}")


def install(lock: Path) -> None:
    """Install what ``lock`` pins, with uv or else with pip."""
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    say(f"Installing {count} packages")
    pinned = ["--require-hashes", "-r", lock]
    if pip("install", "--require-hashes", "-r", LOCKS / "uv.txt") and uv("pip", "install", *pinned):
        return
    say("uv did not manage; pip takes a minute or two")
    if not pip("install", *pinned):
        raise Failed(f"The packages could not be installed: {last_words()} (see {LOG})")


def install_project() -> None:
    """Make `mindcast` a command of .venv that runs this checkout."""
    editable = ["install", "--no-deps", "--no-build-isolation", "-e", ROOT]
    if not uv("pip", *editable) and not pip(*editable):
        raise Failed(f"Mindcast could not be installed into .venv: {last_words()} (see {LOG})")


def pip(*args: object) -> bool:
    """Run pip for .venv; tell whether it worked."""
    own = works([PYTHON, "-m", "pip", "--version"])
    runner = [PYTHON, "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", PYTHON]
    return works([*runner, "--no-input", "--disable-pip-version-check", "--quiet", *args])


def uv(*args: object) -> bool:
    """Run uv for .venv with the package indexes that pip is set up to use."""
    program = VENV / "bin" / "uv"
    env = {**uv_environment(), "VIRTUAL_ENV": str(VENV), "UV_INDEX_STRATEGY": "unsafe-best-match"}
    return program.exists() and works([program, "--quiet", *args], {**env, **os.environ})


def uv_environment() -> dict[str, str]:
    """Translate pip's settings: who set up a mirror for pip wants uv to use it too."""
    listed = subprocess.run(  # noqa: PLW1510 -- without an answer there is nothing to translate
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True
    ).stdout
    translated = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        known = UV_NAMES.get(name.rpartition(".")[2])
        if known:
            words = shlex.split(value)
            translated[known] = " ".join(words).replace("\\n", " ")
    return translated


def works(args: list[object], env: dict[str, str] | None = None) -> bool:
    """Run a program with its output in the log; tell whether it ended well."""
    words = [str(arg) for arg in args]
    if not VENV.is_dir():
        return False
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {shlex.join(words)}\n")
        log.flush()
        try:
            return (
                subprocess.run(words, stdout=log, stderr=log, env=env, check=False).returncode == 0
            )
        except OSError as error:
            log.write(f"{error}\n")
            return False


def last_words() -> str:
    """Return the last line of the log that says something."""
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines() if LOG.exists() else []
    said = [line.strip() for line in lines if line.strip() and not line.startswith("$")]
    return said[-1] if said else "no reason was given"


def say(line: str) -> None:
    """Print a line of progress."""
    print(f"{line} …", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Failed as failure:
        sys.exit(str(failure))
    except OSError as error:
        sys.exit(f"{error.filename or ROOT} cannot be written: {error.strerror}.")
