"""Promise of the project: whoever asks gets everything held about her, and can be erased.

Every column of every table is thought about: a new one fails here until its room has named it.
"""

import json
import re
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.orm import Base
from core.personal import Fate, erase
from core.words import LANGUAGES
from streams.history.rules import owner_key
from tests.fakes.people import SHARED, Someone, fill
from web.personal.handing import held_about, readable
from web.personal.register import REGISTER, person_of
from web.personal.wording import said_of

KEY = "a data key for tests"
MEI, TOM = "mei", "tom"


@pytest.fixture
def people(session: Session, now: datetime) -> tuple[Someone, Someone]:
    made = []
    for name in (MEI, TOM):
        someone = Someone(name, "", now, KEY)
        someone.history = owner_key(KEY, someone.user_id)
        fill(session, someone)
        made.append(someone)
    return made[0], made[1]


SEALED = re.compile(r"gAAAA[\w=-]+")  # any three letters stand in one sooner or later


def everything(session: Session) -> dict[str, str]:
    """Return all rows by table as text, as somebody with a copy of the database reads them."""
    return {
        table.name: SEALED.sub("", repr([tuple(row) for row in session.execute(select(table))]))
        for table in Base.metadata.sorted_tables
    }


def test_every_column_of_every_table_is_named() -> None:
    tables = {name: set(one.columns.keys()) for name, one in Base.metadata.tables.items()}
    named = {name: set(held.columns) for name, held in REGISTER.items()}
    unnamed = {
        name: sorted(columns ^ named.get(name, set()))
        for name, columns in tables.items()
        if columns != named.get(name, set())
    }
    assert (unnamed, named.keys() - tables.keys()) == ({}, set())


def test_every_table_that_names_an_account_says_whose_its_rows_are() -> None:
    """Only what is unnamed by the database itself, or a receipt, names somebody without that."""
    loose = {
        name
        for name, table in Base.metadata.tables.items()
        if REGISTER[name].whose is None
        and any(
            key.column.table.name == "accounts_user" and key.ondelete != "SET NULL"
            for key in table.foreign_keys
        )
    }
    assert loose == set()


def test_what_is_kept_or_kept_back_has_a_reason() -> None:
    assert [name for name, held in REGISTER.items() if not all(held.kept_back.values())] == []
    kept = {name for name, held in REGISTER.items() if held.fate is Fate.KEPT}
    assert kept == {"accounts_audit"}
    assert all(REGISTER[name].reason for name in kept)


def test_everything_of_hers_is_handed_over_and_nothing_of_others(
    session: Session, people: tuple[Someone, Someone]
) -> None:
    mei, tom = people
    found = held_about(session, user_id=mei.user_id, data_key=KEY)
    told = {name for name, held in REGISTER.items() if held.whose and (held.told or held.unsealed)}
    assert set(found) - SHARED == told - SHARED
    written = json.dumps(found, ensure_ascii=False, default=str)
    for name in told - SHARED:
        for column in (*REGISTER[name].told, *REGISTER[name].unsealed):
            value = mei.rows[name][column]
            if isinstance(value, str) and value in mei.words.get(name, ()):
                assert value in written, (name, column)
        for column in REGISTER[name].unsealed:
            canary = f"{mei.name} {name} {column}"
            assert canary not in mei.words[name] or canary in written, (name, column)
    assert tom.name not in written
    assert tom.history not in written


def test_nothing_of_hers_is_left_and_others_lose_nothing(
    session: Session, people: tuple[Someone, Someone]
) -> None:
    mei, tom = people
    before = everything(session)
    assert mei.user_id in before["accounts_user"]  # what is looked for can be found
    person = person_of(session, user_id=mei.user_id, data_key=KEY)
    counts = erase(session, person, register=REGISTER, metadata=Base.metadata)
    after = everything(session)
    owned = {name for name, held in REGISTER.items() if held.whose and name not in SHARED}
    gone = {name for name in owned if REGISTER[name].fate is Fate.DELETED}
    assert gone <= counts.keys()
    for name in gone:
        assert mei.name not in after[name], name
        assert tom.name in after[name] or tom.history in after[name], name
    named_by_id = {name for name, text in after.items() if mei.user_id in text}
    assert named_by_id == {"accounts_audit"}
    everywhere = " ".join(after.values())
    for secret in (mei.rows["accounts_user"]["email"], mei.history, person.recipient_id):
        assert secret not in everywhere


def test_every_part_has_a_name_that_people_can_read_in_every_language() -> None:
    about = {name for name, held in REGISTER.items() if held.whose is not None}
    for name in (*about, "mails", "objects"):
        said = {said_of(name, language) for language in LANGUAGES}
        assert len(said - {name}) == len(LANGUAGES), name


def test_what_is_handed_over_is_in_the_language_of_who_asks(now: datetime) -> None:
    rows = {"accounts_user": [{"email": "mei@mail.example"}]}
    page = readable(rows, "zh-Hans", now)
    assert '<html lang="zh-Hans">' in page
    assert "<h2>您的账号</h2>" in page
    assert "<h2>Your account</h2>" in readable(rows, "en", now)
