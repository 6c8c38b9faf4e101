"""The player within pages of other sites."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.setting_values import read_sites
from core.settings import Settings
from tests.web.access_seed import World, make_world
from web.site import Site


@pytest.fixture
def world(session: Session, settings: Settings, now: datetime) -> World:
    return make_world(session, data_key=settings.data_key, now=now)


@pytest.mark.integration
def test_named_sites_alone_may_show_the_player_and_no_other_page(
    app: Site, client: FlaskClient, settings: Settings, world: World
) -> None:
    one = world.livestreams["public"].id
    path = f"/embed/livestreams/{one}"
    closed = client.get(path)
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
    assert closed.headers["X-Frame-Options"] == "DENY"
    sites = ("https://www.example.org", "https://*.clinic.example")
    app.extensions["mindcast.settings"] = replace(settings, embed_sites=sites)
    shown = client.get(path)
    policy = shown.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://www.example.org https://*.clinic.example")
    assert "X-Frame-Options" not in shown.headers
    assert shown.headers.getlist("Set-Cookie") == []
    assert 'popovertarget="crisis"' in shown.text
    assert client.get(f"/livestreams/{one}").headers["X-Frame-Options"] == "DENY"


@pytest.mark.unit
def test_sites_are_origins() -> None:
    assert read_sites("https://a.example, https://*.b.example:8443, http://localhost:8000") == (
        "https://a.example",
        "https://*.b.example:8443",
        "http://localhost:8000",
    )
    for wrong in ("a.example", "https://a.example/path", "https://a.example;", "*", "http://a.b"):
        with pytest.raises(ValueError, match="origins"):
            read_sites(wrong)
