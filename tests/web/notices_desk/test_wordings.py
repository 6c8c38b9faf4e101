"""Changes of wordings: against the words the form began with, checked, written down, undone."""

from dataclasses import asdict, replace
from datetime import datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from accounts.notices.kinds import KINDS
from accounts.notices.models import Wording
from accounts.notices.wording import WordingText, default_of, load
from catalog.models import Topic
from core.database import Sessions
from core.errors import InvalidInput
from core.words import CHINESE, ENGLISH, LANGUAGES
from tests.fakes.programme import World
from web.notices_desk import services
from web.notices_desk.errors import NothingToUndo, WordingMoved
from web.notices_desk.kinds import VARIABLES, WORDS, groups, named, readers_of
from web.notices_desk.queries import change_of, conditions, edited, in_force
from web.notices_desk.rules import base_of, read
from web.notices_desk.samples import letter_of, text_message_of, variables_of

KIND = "day_before"
CAME = default_of(KIND, ENGLISH)
MINE = replace(CAME, subject="Tomorrow: {starts}")
THEIRS = replace(CAME, subject="Do not forget: {starts}")


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def save(
    world: World, text: WordingText, *, base: str | None = None, language: str = ENGLISH
) -> str | None:
    begun = in_force(world.session, kind=KIND, language=language).base
    return services.save(
        world.session,
        actor_id="editor",
        kind=KIND,
        language=language,
        text=text,
        base=begun if base is None else base,
        now=world.now,
    )


def reset(world: World) -> str | None:
    begun = in_force(world.session, kind=KIND, language=ENGLISH).base
    return services.reset(
        world.session,
        actor_id="editor",
        kind=KIND,
        language=ENGLISH,
        base=begun,
        now=world.now,
    )


def undo(world: World, entry_id: str | None) -> str | None:
    return services.undo(
        world.session,
        actor_id="editor",
        kind=KIND,
        language=ENGLISH,
        entry_id=entry_id or "",
        now=world.now,
    )


def sent(world: World) -> WordingText:
    return load(world.session)[KIND, ENGLISH]


@pytest.mark.unit
def test_every_kind_has_words_for_editors_and_a_group() -> None:
    assert set(WORDS) == set(KINDS)
    assert [kind for group in groups() for kind in group.kinds] == [KINDS[name] for name in WORDS]
    assert {name for kind in KINDS.values() for name in kind.variables} <= set(VARIABLES)
    assert (named("none").name, readers_of("none")) == ("none", "")


@pytest.mark.unit
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_preview(kind: str, language: str) -> None:
    wordings = {(kind, tag): default_of(kind, tag) for tag in LANGUAGES}
    letter = letter_of(kind, language, wordings)
    assert all((letter.header("Subject"), letter.text, letter.html.startswith("<!")))
    shown = [name for name, _value, _in_subject in variables_of(kind, language)]
    assert set(shown) == KINDS[kind].variables
    assert bool(letter.attachments) == KINDS[kind].has_calendar


@pytest.mark.unit
def test_a_preview_shows_the_words_it_is_given() -> None:
    words = WordingText("Soon: {starts}", "Only {title}.", "Go there")
    letter = letter_of(KIND, ENGLISH, {(KIND, ENGLISH): words})
    assert letter.header("Subject").startswith("Soon: Tuesday 24 November")
    assert ("Only " in letter.text, "Go there" in letter.html) == (True, True)
    short = text_message_of("minutes_before", ENGLISH, {})
    assert (short.startswith("Mindcast:"), text_message_of("digest", ENGLISH, {})) == (True, "")


@pytest.mark.unit
def test_what_was_typed_is_read_as_lines() -> None:
    typed = {"subject": " A\n  b ", "body": "\r\nOne \r\n\r\nTwo\x00\r\n", "action": " Go  on "}
    assert read(typed) == WordingText("A b", "One\n\nTwo", "Go on")
    assert read({}) == WordingText("", "", "")


@pytest.mark.unit
def test_the_base_of_a_form_changes_with_every_word_and_version() -> None:
    bases = {base_of(MINE, 1), base_of(MINE, 2), base_of(THEIRS, 1), base_of(CAME, 0)}
    assert len(bases) == 4


@pytest.mark.integration
def test_a_change_is_in_force_and_written_down_with_before_and_after(world: World) -> None:
    first = save(world, MINE)
    second = save(world, THEIRS)
    assert sent(world) == THEIRS
    found = in_force(world.session, kind=KIND, language=ENGLISH)
    assert (found.version, found.author, found.is_edited) == (2, "editor@example.org", True)
    assert list(edited(world.session)) == [(KIND, ENGLISH)]
    lines = world.session.scalars(
        select(AuditEntry).where(AuditEntry.subject_kind == "wording").order_by(AuditEntry.id)
    ).all()
    told = {line.id: (line.act, line.actor_id, line.subject_id, line.details) for line in lines}
    words = {"language": ENGLISH}
    assert told == {
        first: (
            "wording.change",
            "editor",
            KIND,
            {**words, "before": None, "after": asdict(MINE)},
        ),
        second: (
            "wording.change",
            "editor",
            KIND,
            {**words, "before": asdict(MINE), "after": asdict(THEIRS)},
        ),
    }


@pytest.mark.integration
def test_the_same_words_again_change_nothing(world: World) -> None:
    assert save(world, CAME) is None
    save(world, MINE)
    assert save(world, MINE) is None
    assert in_force(world.session, kind=KIND, language=ENGLISH).version == 1
    save(world, CAME)  # typed by hand, they are the words that came
    assert not in_force(world.session, kind=KIND, language=ENGLISH).is_edited


@pytest.mark.integration
def test_whoever_saves_second_is_told_and_overwrites_nothing(world: World) -> None:
    begun = in_force(world.session, kind=KIND, language=ENGLISH).base
    save(world, THEIRS)
    with pytest.raises(WordingMoved):
        save(world, MINE, base=begun)
    assert sent(world) == THEIRS


@pytest.mark.integration
def test_a_form_begun_before_a_reset_does_not_pass_for_a_new_one(world: World) -> None:
    save(world, MINE)
    begun = in_force(world.session, kind=KIND, language=ENGLISH).base
    reset(world)
    save(world, THEIRS)  # a new row, of version 1 again
    with pytest.raises(WordingMoved):
        save(world, MINE, base=begun)
    assert sent(world) == THEIRS


@pytest.mark.integration
def test_words_that_change_between_the_look_and_the_write_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(world, MINE)
    looked_at = in_force(world.session, kind=KIND, language=ENGLISH)
    reset(world)
    save(world, THEIRS)  # a new row, of version 1 again
    monkeypatch.setattr(services, "in_force", lambda *_given, **_named: looked_at)
    for text in (replace(CAME, subject="Later: {starts}"), CAME):
        with pytest.raises(WordingMoved):
            save(world, text, base=looked_at.base)
    assert sent(world) == THEIRS


@pytest.mark.integration
def test_back_to_the_words_that_came_and_undone(world: World) -> None:
    save(world, MINE)
    entry = reset(world)
    assert (sent(world), world.session.scalars(select(Wording)).all()) == (CAME, [])
    undone = undo(world, entry)
    assert sent(world) == MINE
    undo(world, undone)
    assert sent(world) == CAME


@pytest.mark.integration
def test_nothing_is_undone_that_was_changed_again(world: World) -> None:
    entry = save(world, MINE)
    save(world, THEIRS)
    for wrong in (entry, "none", None):
        with pytest.raises(NothingToUndo):
            undo(world, wrong)
    assert sent(world) == THEIRS
    assert change_of(world.session, entry_id=entry or "", kind=KIND, language=CHINESE) is None
    assert change_of(world.session, entry_id=entry or "", kind="changed", language=ENGLISH) is None


@pytest.mark.integration
@pytest.mark.parametrize(
    ("language", "subject"),
    [
        (ENGLISH, "Anxiety: {starts}"),
        (ENGLISH, "Your evening on STARGAZING: {starts}"),
        (CHINESE, "{starts} 的双相障碍直播"),
        (CHINESE, "关于观星的直播：{starts}"),  # noqa: RUF001 -- the Chinese colon
    ],
)
def test_no_subject_names_a_condition_or_a_topic(world: World, language: str, subject: str) -> None:
    names = {ENGLISH: "Stargazing", CHINESE: "观星"}
    world.session.add(Topic(slug="stars", names=names, position=9))
    world.session.flush()
    assert {"Stargazing", "观星"} <= conditions(world.session)
    text = replace(default_of(KIND, language), subject=subject)
    with pytest.raises(InvalidInput) as refused:
        save(world, text, language=language)
    assert [fault.field for fault in refused.value.errors] == ["subject"]
    assert not in_force(world.session, kind=KIND, language=language).is_edited


@pytest.mark.integration
def test_unknown_variables_are_refused_field_by_field(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(world, WordingText("{title}", "{nobody}", "{starts}"))
    assert {fault.field for fault in refused.value.errors} == {"subject", "body", "action"}


@pytest.mark.integration
def test_of_editors_who_save_at_once_one_wins(sessions: Sessions, now: datetime) -> None:
    with sessions() as session:
        World(session, now).build()
        base = in_force(session, kind=KIND, language=ENGLISH).base
        session.commit()
    started, won, lost = Barrier(6), list[str](), list[str]()

    def change(number: int) -> None:
        text = replace(CAME, subject=f"Number {number}: {{starts}}")
        started.wait()
        with sessions() as session:
            try:
                services.save(
                    session,
                    actor_id="editor",
                    kind=KIND,
                    language=ENGLISH,
                    text=text,
                    base=base,
                    now=now,
                )
                session.commit()
            except WordingMoved:
                lost.append(text.subject)
            else:
                won.append(text.subject)

    threads = [Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert (len(won), len(lost)) == (1, 5)
        assert in_force(session, kind=KIND, language=ENGLISH).text.subject == won[0]
        lines = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == KIND)).all()
        assert lines == ["wording.change"]
