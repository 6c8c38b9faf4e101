"""Headers, errors and languages of every answer."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NoReturn

import pytest
from apiflask import APIBlueprint
from flask import Blueprint
from flask.testing import FlaskClient
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError

from core.errors import FieldError, InvalidInput, TooMany, WrongState
from core.settings import Settings
from scheduler.errors import Taken
from scheduler.spans import Span
from web.app import create_app
from web.headers import content_policy, request_id
from web.site import Site

pytestmark = pytest.mark.integration

LATER = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET = "a detail that nobody should read"


class Words(BaseModel):
    text: str


@pytest.fixture
def faulty(app: Site) -> FlaskClient:
    """Return a browser of the application with routes that fail in every way."""
    api = APIBlueprint("faults", __name__, url_prefix="/api/v1/faults")
    pages = Blueprint("faulty_pages", __name__)

    @api.get("/state")
    def state() -> NoReturn:
        raise WrongState

    @api.get("/input")
    def invalid() -> NoReturn:
        raise InvalidInput(FieldError("title", "Choose one to %(most)s topics.", {"most": 5}))

    @api.get("/often")
    def often() -> NoReturn:
        raise TooMany(7)

    @api.get("/taken")
    def taken() -> NoReturn:
        raise Taken([Span(LATER, LATER + timedelta(hours=1))])

    @api.get("/fault")
    @pages.get("/faults/fault")
    def fault() -> NoReturn:
        raise RuntimeError(SECRET)

    @api.post("/schema")
    @api.input(Words, arg_name="words")
    def schema(words: Words) -> NoReturn:
        raise AssertionError(words)

    for name, code in (("locked", sqlite3.SQLITE_BUSY), ("full", sqlite3.SQLITE_FULL)):
        fail = partial(fail_with, code)
        api.add_url_rule(f"/{name}", name, fail)
        pages.add_url_rule(f"/faults/{name}", name, fail)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    return app.test_client()


def fail_with(code: int) -> NoReturn:
    cause = sqlite3.OperationalError(SECRET)
    cause.sqlite_errorcode = code
    raise OperationalError(SECRET, {}, cause)


def problem(code: str, status: int, title: str, detail: str, **more: object) -> dict[str, object]:
    kind = f"urn:mindcast:problem:{code}"
    return {"type": kind, "status": status, "title": title, "detail": detail, "code": code, **more}


def test_refusal_in_the_api_is_a_problem_document(faulty: FlaskClient) -> None:
    response = faulty.get("/api/v1/faults/state")
    assert response.content_type == "application/problem+json"
    assert (response.status_code, response.json) == (
        409,
        problem("wrong_state", 409, "Not now", "This cannot be done now."),
    )


def test_refusal_of_input_names_each_field(faulty: FlaskClient) -> None:
    errors = [{"field": "title", "message": "Choose one to 5 topics."}]
    title = "Some fields need attention"
    assert faulty.get("/api/v1/faults/input").json == problem(
        "invalid_input", 422, title, f"{title}.", errors=errors
    )


def test_input_that_does_not_fit_its_schema_names_each_field(faulty: FlaskClient) -> None:
    response = faulty.post("/api/v1/faults/schema", json={"text": 1})
    assert response.json is not None
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["text"]


def test_refusal_for_haste_says_when_to_come_back(faulty: FlaskClient) -> None:
    response = faulty.get("/api/v1/faults/often")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")


def test_refusal_of_a_time_names_what_is_free(faulty: FlaskClient) -> None:
    free = [{"starts_at": "2026-05-04T12:00:00.000Z", "ends_at": "2026-05-04T13:00:00.000Z"}]
    message = "This time was just taken. Nothing was changed."
    assert faulty.get("/api/v1/faults/taken").json == problem(
        "taken", 409, "Not now", message, alternatives=free
    )


@pytest.mark.parametrize("address", ["/api/v1/faults/locked", "/faults/locked"])
def test_waiting_too_long_for_other_writers_is_busy(faulty: FlaskClient, address: str) -> None:
    response = faulty.get(address)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert "Somebody else is changing this right now." in response.text
    assert SECRET not in response.text


def test_full_disk_is_a_fault(faulty: FlaskClient) -> None:
    assert faulty.get("/api/v1/faults/full").status_code == 500


@pytest.mark.parametrize("address", ["/api/v1/faults/fault", "/faults/fault", "/zh/faults/fault"])
def test_fault_is_answered_without_its_details(faulty: FlaskClient, address: str) -> None:
    response = faulty.get(address)
    assert response.status_code == 500
    assert SECRET not in response.text


def test_unknown_method_in_the_api_names_those_there_are(client: FlaskClient) -> None:
    response = client.delete("/api/v1/topics")
    assert response.status_code == 405
    assert response.headers["Allow"].split(", ") >= ["GET"]


@pytest.mark.parametrize(
    ("address", "language"),
    [("/nowhere", "en"), ("/zh/nowhere", "zh-Hans"), ("/zhnowhere", "en")],
)
def test_unknown_page_is_said_in_the_language_of_its_address(
    client: FlaskClient, address: str, language: str
) -> None:
    response = client.get(address, headers={"Accept-Language": "zh-CN"})
    assert response.status_code == 404
    assert f'<html lang="{language}"' in response.text


def test_language_prefix_alone_is_the_home_page(client: FlaskClient) -> None:
    assert [client.get(address).status_code for address in ("/zh", "/zh/")] == [200, 200]


def test_links_on_a_chinese_page_stay_chinese(app: Site) -> None:
    with app.test_request_context("/topics", environ_overrides={"SCRIPT_NAME": "/zh"}):
        made = [app.url_for(name) for name in ("catalog_pages.home", "api.list_topics")]
    assert made == ["/zh/", "/api/v1/topics"]


def test_api_has_no_address_below_a_language(client: FlaskClient) -> None:
    assert client.get("/zh/api/v1/topics").status_code == 404


def test_page_carries_the_headers_of_every_answer(client: FlaskClient) -> None:
    headers = client.get("/", headers={"X-Request-ID": "seen.before-1"}).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert {name: headers[name] for name in ("X-Request-ID", "X-Content-Type-Options")} == {
        "X-Request-ID": "seen.before-1",
        "X-Content-Type-Options": "nosniff",
    }
    assert headers["Permissions-Policy"].startswith("camera=(self), microphone=(self)")
    assert headers["Referrer-Policy"] == "same-origin"


def test_anonymous_page_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "line\nbreak", "日"])
def test_request_id_that_could_harm_a_log_is_replaced(given: str) -> None:
    assert request_id(given) not in {"", given}


def test_content_policy_with_a_media_origin_allows_only_media_of_it() -> None:
    policy = content_policy("https://cdn.example")
    assert [part.split()[0] for part in policy.split("; ") if "cdn.example" in part] == [
        "img-src",
        "connect-src",
        "media-src",
    ]


def test_host_that_is_not_trusted_is_refused(settings: Settings) -> None:
    app = create_app(replace(settings, trusted_hosts=("live.example",)))
    client = app.test_client()
    hosts = ["live.example", "localhost:8000", "evil.example"]
    codes = [client.get("/healthz", headers={"Host": host}).status_code for host in hosts]
    assert codes == [200, 200, 400]
