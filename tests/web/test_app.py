from dataclasses import replace

import pytest

from core.errors import SettingError
from core.settings import Settings, read_settings
from web.app import create_app, trusted_hosts
from web.language import current_language
from web.site import Site

LOCAL = ["localhost", "127.0.0.1", "[::1]"]


def settings_with(**environ: str) -> Settings:
    return read_settings({"SECRET_KEY": "a key", **environ})


@pytest.mark.unit
def test_application_without_secret_key_is_refused() -> None:
    with pytest.raises(SettingError, match="SECRET_KEY"):
        create_app(replace(settings_with(), secret_key=""))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"BIND": "192.0.2.1"}, LOCAL),
        ({"BIND": "192.0.2.1", "PUBLIC_URL": "https://live.example"}, ["live.example", *LOCAL]),
        ({"BIND": "192.0.2.1", "PUBLIC_URL": "https://a.example:8443/x"}, ["a.example", *LOCAL]),
        (
            {"BIND": "192.0.2.1", "PUBLIC_URL": "https://[2001:db8::1]:8443"},
            ["[2001:db8::1]", *LOCAL],
        ),
        ({"TRUSTED_HOSTS": "one.example, two.example"}, ["one.example", "two.example", *LOCAL]),
    ],
)
def test_trusted_hosts(environ: dict[str, str], expected: list[str] | None) -> None:
    assert trusted_hosts(settings_with(**environ)) == expected


@pytest.mark.integration
@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("en-GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("fr, zh-Hans;q=0.5", "zh-Hans"),
        ("fr", "en"),
    ],
)
def test_language_of_the_api_is_what_is_accepted(app: Site, accepted: str, language: str) -> None:
    with app.test_request_context("/api/v1/topics", headers={"Accept-Language": accepted}):
        assert current_language() == language
