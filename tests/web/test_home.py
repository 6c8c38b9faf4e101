from pathlib import Path

import pytest

from core.errors import SettingError
from core.settings import read_settings
from web.home import load_settings, prepare_home, read_services, write_services

pytestmark = pytest.mark.unit


def test_new_home_gets_secrets_that_only_its_owner_reads(tmp_path: Path) -> None:
    environ = {"MINDCAST_HOME": str(tmp_path / "home")}
    made = prepare_home(read_settings(environ))
    file = tmp_path / "home" / "services.json"
    assert len(made.secret_key) > 32
    assert made.secret_key != made.data_key
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["services.json"]


def test_old_home_keeps_its_secrets(tmp_path: Path) -> None:
    environ = {"MINDCAST_HOME": str(tmp_path)}
    first, second = (prepare_home(read_settings(environ)) for _ in range(2))
    assert first == second == load_settings(environ)


def test_environment_comes_before_what_the_home_remembers(tmp_path: Path) -> None:
    write_services(tmp_path, {"secret_key": "old", "s3_endpoint_url": "http://127.0.0.1:9"})
    loaded = load_settings({"MINDCAST_HOME": str(tmp_path), "SECRET_KEY": "new"})
    assert (loaded.secret_key, loaded.s3_endpoint_url) == ("new", "http://127.0.0.1:9")


def test_home_that_never_ran_knows_nothing(tmp_path: Path) -> None:
    assert read_services(tmp_path) == {}


def test_damaged_services_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "services.json").write_text("{", encoding="utf-8")
    with pytest.raises(SettingError, match=r"services\.json is damaged"):
        read_services(tmp_path)
