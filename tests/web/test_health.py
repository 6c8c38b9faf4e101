import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.heartbeats import beat
from core.settings import read_settings
from web import health
from web.app import create_app
from web.health import living, may_see_metrics


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_ask_storage", lambda: None)


def beat_all(session: Session, now: datetime) -> None:
    for role in health.ROLES:
        beat(session, role=role, node="here", now=now)
    session.commit()


@pytest.mark.integration
@pytest.mark.usefixtures("storage")
def test_readyz_with_everything_well(client: FlaskClient, session: Session, now: datetime) -> None:
    beat_all(session, now)
    with time_machine.travel(now, tick=False):
        response = client.get("/readyz")
    checks = dict.fromkeys(("database", "storage", "worker", "live", "clock"), "ok")
    assert (response.status_code, response.json) == (200, {"status": "ok", "checks": checks})


@pytest.mark.integration
@pytest.mark.usefixtures("storage")
def test_readyz_names_what_fell_silent(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    beat_all(session, now)
    later = now + health.SILENT_AFTER + timedelta(seconds=1)
    beat(session, role="live", node="other", now=later)
    session.commit()
    with time_machine.travel(later, tick=False):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {
        "status": "failed",
        "checks": {
            "database": "ok",
            "storage": "ok",
            "worker": "failed",
            "live": "ok",
            "clock": "failed",
        },
    }


@pytest.mark.integration
def test_readyz_without_storage_names_it(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.json is not None
    assert (response.status_code, response.json["checks"]["storage"]) == (503, "failed")


@pytest.mark.integration
@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("intact", [0, 4096], ids=["not a database", "a page is broken"])
def test_readyz_with_a_broken_file_names_the_database(tmp_path: Path, intact: int) -> None:
    file = tmp_path / "site.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "CREATE TABLE core_heartbeat (role TEXT PRIMARY KEY, node TEXT, at TEXT)"
        )
        rows = [(f"{number}", "here" * 50, "2026") for number in range(500)]
        connection.executemany("INSERT INTO core_heartbeat VALUES (?, ?, ?)", rows)
        connection.commit()
    whole = file.read_bytes()
    file.write_bytes(whole[:intact] + b"\xff" * (len(whole) - intact))
    app = create_app(
        read_settings(
            {
                "MINDCAST_HOME": str(tmp_path),
                "DATABASE_URL": f"sqlite:///{file}",
                "SECRET_KEY": "a key for tests",
                "DATA_KEY": "a data key for tests",
            }
        )
    )
    response = app.test_client().get("/readyz")
    assert response.json is not None
    assert (response.status_code, response.json["checks"]["database"]) == (503, "failed")


@pytest.mark.integration
def test_healthz_and_metrics_answer_on_loopback(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/metrics").content_type.startswith("text/plain")


@pytest.mark.integration
def test_metrics_for_the_outside_do_not_exist(client: FlaskClient) -> None:
    outside = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_base=outside).status_code == 404


@pytest.mark.unit
@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", True), ("::1", True), ("10.0.0.9", True), ("203.0.113.9", False), ("", False)],
)
def test_may_see_metrics(address: str, expected: bool) -> None:  # noqa: FBT001 -- a column
    assert may_see_metrics(address, ("10.0.0.0/8",)) is expected


@pytest.mark.unit
def test_living_at_the_limit_is_well(now: datetime) -> None:
    beats = {"worker": now - health.SILENT_AFTER}
    assert living(beats, now) == {"worker": True, "live": False, "clock": False}
