"""The commands that create accounts, run as a person runs them but in this process."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from accounts.access import actor_of_token
from accounts.enums import Role
from accounts.models import AuditEntry, User
from accounts.queries import Held, held_by, user_by_email
from accounts.services import create_organisation
from catalog.credentials.models import Credential
from catalog.models import Host
from core.clock import utc_now
from core.database import Sessions
from core.errors import Refusal
from web.cli import main, mindcast
from web.commands.user import VERIFIED_FOR
from web.home import write_services

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _home(
    engine: Engine, sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del sessions  # cleans up afterwards
    monkeypatch.setenv("MINDCAST_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(mindcast, arguments, input=stdin)


def create(role: str, *more: str, password: str = "long enough for all\n") -> Result:
    address = ("--email", "Ann@b.example", "--role", role, "--password-stdin")
    return run("user", "create", *address, *more, stdin=password)


def test_user_create_prints_the_id_alone(sessions: Sessions) -> None:
    result = create("viewer")
    with sessions() as session:
        user = user_by_email(session, "ann@b.example")
        assert user is not None
        assert (result.exit_code, result.stdout) == (0, f"{user.id}\n")
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.act, entry.subject_id) == ("user.create", user.id)


@pytest.mark.parametrize("verified", [True, False])
def test_user_create_of_a_host_makes_a_host_of_the_same_id(
    sessions: Sessions,
    verified: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    before = utc_now()
    result = create("host", *(["--verified"] if verified else []))
    with sessions() as session:
        host = session.get_one(Host, result.stdout.strip())
        until = host.verified_until
        licences = session.execute(select(Credential.state, Credential.recheck_due_at)).all()
        assert held_by(session, host.id) == Held(frozenset({Role.HOST}), frozenset())
    assert (until is not None) is verified
    assert [tuple(one) for one in licences] == ([("granted", until)] if verified else [])
    assert until is None or timedelta(0) <= until - before - VERIFIED_FOR < timedelta(minutes=5)


def test_user_create_within_an_organisation(sessions: Sessions) -> None:
    with sessions.begin() as session:
        create_organisation(
            session, slug="north", names={"en": "North"}, kind="company", now=utc_now()
        )
    assert create("hr", "--organisation", "north").exit_code == 0


@pytest.mark.parametrize(
    ("role", "more", "password", "sentence"),
    [
        ("hr", (), "long enough for all", "The role hr is held in an organisation"),
        ("hr", ("--organisation", "no"), "long enough for all", "There is no organisation"),
        ("viewer", (), "short", "A password has 10 to 128 characters."),
    ],
)
def test_user_create_refused_says_why_and_leaves_nothing(
    sessions: Sessions, role: str, more: tuple[str, ...], password: str, sentence: str
) -> None:
    result = create(role, *more, password=password)
    assert isinstance(result.exception, Refusal)
    assert str(result.exception).startswith(sentence)
    with sessions() as session:
        assert session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("user", "create", "--email", "a@b.example", "--role", "viewer"),
        ("user", "create", "--email", "a@b.example", "--role", "king", "--password-stdin"),
        (
            "user",
            "create",
            "--email",
            "a@b.example",
            "--role",
            "hr",
            "--password-stdin",
            "--verified",
        ),
        ("token", "create"),
        ("nothing",),
    ],
)
def test_wrong_use_is_told_apart(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_token_create_prints_a_token_that_works(sessions: Sessions) -> None:
    user_id = create("editor").stdout.strip()
    result = run("token", "create", "--email", "ANN@b.example")
    with sessions() as session:
        actor = actor_of_token(session, secret=result.stdout.strip(), now=utc_now())
    assert (result.exit_code, result.stdout.count("\n"), actor.user_id) == (0, 1, user_id)


def test_refusal_is_one_sentence_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["mindcast", "token", "create", "--email", "who@b.example"]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as ended:
        main()
    seen = capsys.readouterr()
    assert (ended.value.code, seen.out) == (1, "")
    assert seen.err == "There is no account with this email address.\n"


def test_setting_that_makes_no_sense_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setattr("sys.argv", ["mindcast", "token", "create", "--email", "a@b.example"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("PORT='many' makes no sense")


def test_command_before_there_are_tables_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert "mindcast db upgrade" in str(create("viewer").exception)


def test_demo_is_not_loaded_into_a_site_that_others_reach(
    tmp_path: Path, sessions: Sessions
) -> None:
    write_services(tmp_path, {"bind": "192.0.2.1", "data_key": "k", "secret_key": "s"})
    refused = run("demo")
    assert isinstance(refused.exception, Refusal)
    with sessions() as session:
        assert session.scalar(select(User.id).where(User.is_demo)) is None
