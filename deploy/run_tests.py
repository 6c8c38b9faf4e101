"""`make test`: find or start what the tests need, run them, put everything away.

usage: run_tests.py [arguments of pytest]
"""
# Sentences for a person stand where they are raised.
# ruff: noqa: EM101, EM102, TRY003

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = "2"
SPREAD = ("--dist", "worksteal")  # else one worker idles while the other has all the browsers
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT = {
    "postgresql": "PostgreSQL",
    "chromium": "Chromium",
    "fonts-noto-cjk": "a font with Chinese characters",
}


class Missing(Exception):  # noqa: N818 -- becomes the one sentence on the terminal
    """Something the tests need is neither there nor can be installed."""


def main(arguments: list[str]) -> int:
    """Run pytest with a database and a browser at hand; return its exit code."""
    with ExitStack() as stack:
        env = dict(os.environ)
        if not env.get("TEST_POSTGRES_URL") and not listens(5432):
            env["TEST_POSTGRES_URL"] = stack.enter_context(private_postgres())
        env.setdefault("TEST_CHROMIUM", find_browser())
        command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, *SPREAD, *arguments]
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def find_browser() -> str:
    """Return Chromium's path; as root it is installed when missing."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        apt_install("chromium", "fonts-noto-cjk")
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise Missing("Chromium is still missing after its installation.")
    return found


@contextmanager
def private_postgres() -> Iterator[str]:
    """Start a PostgreSQL of our own in a temporary folder; yield its SQLAlchemy address."""
    programs = find_postgres()
    with tempfile.TemporaryDirectory(prefix="mindcast-test-") as name:
        folder, port = Path(name), free_port()
        owner = owner_of_servers(folder)
        data = folder / "data"
        run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"], owner)
        options = f"-p {port} -h 127.0.0.1 -k {folder} -F"
        control = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w"]
        run([*control, "-o", options, "start"], owner)
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            run([*control, "-m", "immediate", "stop"], owner)


def find_postgres() -> Path:
    """Return the folder with PostgreSQL's server programs; as root it is installed when missing."""
    found = server_programs()
    if not found:
        apt_install("postgresql")
        found = server_programs()
    if not found:
        raise Missing("PostgreSQL is still missing after its installation.")
    return found


def server_programs() -> Path | None:
    """Return the newest folder with `initdb` in it."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version)
    places = [path.parent for path in debian] + ([Path(on_path).parent] if on_path else [])
    return places[-1] if places else None


def version(initdb: Path) -> float:
    """Return the version that stands in Debian's path of a server."""
    return float(initdb.parent.parent.name)


def owner_of_servers(folder: Path) -> str | None:
    """Return who runs the server: never root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    owner = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, owner)
    return owner


def run(args: list[object], owner: str | None) -> None:
    """Run a program of PostgreSQL; its output is shown only when it fails."""
    done = subprocess.run(  # noqa: PLW1510 -- looked at below
        [str(arg) for arg in args],
        user=owner,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        raise Missing(f"{args[0]} failed: {done.stdout.decode(errors='replace')[-500:]}")


def apt_install(*packages: str) -> None:
    """Install Debian packages as root, or say what is missing."""
    names = " and ".join(APT[package] for package in packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"The tests need {names}: apt-get install {' '.join(packages)}")
    print(f"Installing {names} …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        subprocess.run(["apt-get", *command], env=env, stdout=subprocess.DEVNULL, check=False)


def listens(port: int) -> bool:
    """Whether something answers on a loopback port."""
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Missing as missing:
        sys.exit(str(missing))
