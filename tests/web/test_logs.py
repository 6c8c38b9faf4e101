import json

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.integration

VISITOR = {"REMOTE_ADDR": "203.0.113.9"}


def logged(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], address: str
) -> dict[str, object]:
    capsys.readouterr()
    client.get(address, environ_base=VISITOR, headers={"X-Request-ID": "one"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return next(line for line in lines if line["event"] == "request")


@pytest.mark.parametrize(
    "address",
    [
        "/livestreams/x",
        "/zh/livestreams/x",
        "/api/v1/livestreams/x/audience",
        "/media/x/master.m3u8",
        "/topics/sleep",
        "/internal/gate/x",
        "/embed/livestreams/x",
        "/answers/x",
        "/api/v1/answers/x",
    ],
)
def test_request_that_tells_what_somebody_watches_is_logged_without_address(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    line = logged(client, capsys, address)
    assert (line["path"], line["request_id"]) == (address, "one")
    assert "203.0.113" not in json.dumps(line)


def test_search_words_are_not_logged(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    line = logged(client, capsys, "/healthz?q=panic")
    assert "panic" not in json.dumps(line)
    assert line["address"] == "203.0.113.9"


def test_address_that_holds_a_key_is_not_logged(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    line = logged(client, capsys, "/ingest/chunks/livestream/secret/1")
    assert line["path"] == "/ingest/…"


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_link_from_a_mail_is_logged_without_its_secret_and_its_address(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], prefix: str
) -> None:
    line = logged(client, capsys, f"{prefix}/notices/confirm/c.one.two.secret")
    assert (line["path"], "address" in line) == ("/notices/…", False)


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize("place", ["/sign-in/link/", "/account/address/link/", "/receipts/"])
def test_link_that_lets_somebody_in_is_logged_without_its_secret(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], prefix: str, place: str
) -> None:
    line = logged(client, capsys, f"{prefix}{place}one.secret")
    assert line["path"] == f"{place}…"
