"""Ten thousand livestreams in an empty database, and one application on it under granian."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, create_engine, insert, make_url, text

from accounts.enums import Role
from accounts.models import Organisation, User
from accounts.services import add_member, create_user
from bench.broadcast import wait_for
from bench.calibration import answers
from bench.catalogue_rows import HOSTS, rows_of
from bench.house import free_port
from bench.processes import descendants
from core.database import make_engine, make_sessions
from core.orm import Base
from web import assets
from web import tables as _tables  # noqa: F401 -- every table is known from here on

POSTGRES_URL = os.environ.get(
    "TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
SERVER = """
import os
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
if __name__ == "__main__":
    Granian(os.environ["BENCH_APP"], address="127.0.0.1", port=int(os.environ["BENCH_PORT"]),
            interface=Interfaces.WSGI, workers=1, blocking_threads=1, http=HTTPModes.http1,
            log_level=LogLevels.error).serve()
"""
HELLO = 'from flask import Flask\napp = Flask(__name__)\napp.get("/")(lambda: "Hello")\n'
PASSWORD = "a password for a benchmark"  # noqa: S105 -- of a database that is thrown away
EMAIL = "employee@example.org"
START_SECONDS = 120  # other benchmarks may have left the machine busy
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """An application that answers on loopback."""

    port: int
    pid: int

    def cpu_ms(self) -> float:
        """Return the processor time that it and its children have used so far."""
        return sum(_ticks(pid) for pid in (self.pid, *descendants(self.pid))) * TICK_MS


@contextmanager
def database(kind: str, livestreams: int) -> Iterator[str]:
    """Give the address of a filled database of a kind and remove it."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/bench.sqlite3"
            _fill(url, livestreams)
            yield url
            return
        name = f"mindcast_bench_{uuid4().hex[:12]}"
        server = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            url = make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
            _fill(url, livestreams)
            yield url
        finally:
            with server.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
            server.dispose()


@contextmanager
def application(url: str) -> Iterator[Server]:
    """Run the site on a database, with one process and one thread for requests."""
    assets.build()
    with tempfile.TemporaryDirectory() as home:
        settings = {
            "BENCH_APP": "wsgi:app",
            "MINDCAST_HOME": home,
            "DATABASE_URL": url,
            "SECRET_KEY": "a key for a benchmark",
            "DATA_KEY": "a data key for a benchmark",
            "MINDCAST_DEMO": "0",
        }
        with _serving(settings, str(Path(__file__).resolve().parents[1])) as server:
            yield server


@contextmanager
def hello() -> Iterator[Server]:
    """Run the smallest Flask application in the same way."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hello.py").write_text(HELLO)
        with _serving({"BENCH_APP": "hello:app"}, folder) as server:
            yield server


@contextmanager
def _serving(settings: dict[str, str], folder: str) -> Iterator[Server]:
    port = free_port()
    env = {**os.environ, **settings, "PYTHONPATH": folder, "BENCH_PORT": str(port)}
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(SERVER)
        script.flush()
        process = subprocess.Popen([sys.executable, script.name], cwd=folder, env=env)
        try:
            wait_for(lambda: answers(port), START_SECONDS, "the application")
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _ticks(pid: int) -> int:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(words[11]) + int(words[12])


def _fill(url: str, livestreams: int) -> None:
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    _write_people(engine, now)
    for table, rows in rows_of(now, livestreams).items():
        with engine.begin() as connection:
            for start in range(0, len(rows), 1000):
                connection.execute(insert(table), rows[start : start + 1000])
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _write_people(engine: Engine, now: datetime) -> None:
    with make_sessions(engine)() as session:
        user = create_user(session, email=EMAIL, password=PASSWORD, roles=[Role.VIEWER], now=now)
        session.add(
            Organisation(
                id="company",
                slug="company",
                names={"en": "Company"},
                kind="company",
                created_at=now,
            )
        )
        session.add_all(
            User(id=f"host{number}", email=f"host{number}@example.org", created_at=now)
            for number in range(HOSTS)
        )
        session.flush()
        add_member(session, user_id=user.id, organisation_id="company", role=Role.EMPLOYEE, now=now)
        session.commit()
