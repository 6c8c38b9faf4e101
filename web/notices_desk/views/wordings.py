"""Pages of wordings: the list of kinds, one kind with its preview and form, and the changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.notices.kinds import KINDS
from accounts.notices.wording import WordingText, default_of, load
from catalog.editing.rules.differences import Difference, changes
from core.errors import FieldError, InvalidInput, Refusal
from core.words import CHINESE, ENGLISH, LANGUAGES
from web.database import db
from web.language import current_language
from web.notices_desk import queries, services
from web.notices_desk.access import check_editor
from web.notices_desk.errors import NoSuchKind, NothingToUndo, WordingMoved
from web.notices_desk.kinds import CATEGORIES, VARIABLES, groups, named, readers_of
from web.notices_desk.queries import InForce
from web.notices_desk.rules import FIELDS, read
from web.notices_desk.samples import letter_of, text_message_of, variables_of
from web.notices_desk.views.answers import SEE_OTHER, unkept
from web.security import current_actor

pages = Blueprint("wording_desk", __name__, url_prefix="/editing/notices")

LANGUAGE_NAMES: Final = {ENGLISH: "English", CHINESE: "中文"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a form is shown again with; ``typed`` keeps every letter of it."""

    status: int = 200
    typed: WordingText | None = None
    faults: Sequence[FieldError] = ()
    refusal: Refusal | None = None


NOTHING: Final = Told()


@pages.before_request
def only_editors() -> None:
    """Refuse everybody else before anything is looked up."""
    check_editor(current_actor())


@pages.get("")
def index() -> Response:
    """Show every kind of notice by its readers."""
    page = render_template(
        "web/notices_desk/index.html",
        groups=groups(),
        named=named,
        edited=queries.edited(db.session),
        categories=CATEGORIES,
        language_names=LANGUAGE_NAMES,
    )
    return unkept(page)


@pages.get("/<kind>")
def one(kind: str) -> Response:
    """Show a notice as it is sent, and the form of its words in one language."""
    return _page(kind, asked_language(kind))


@pages.post("/<kind>")
def save(kind: str) -> AnyResponse:
    """Put what was typed in force."""
    typed = read(request.form)
    act = partial(services.save, text=typed, base=request.form.get("base", ""))
    return _act(kind, act, "saved", typed)


@pages.post("/<kind>/reset")
def reset(kind: str) -> AnyResponse:
    """Go back to the words that came with the program."""
    return _act(kind, partial(services.reset, base=request.form.get("base", "")), "reset")


@pages.post("/<kind>/undo")
def undo(kind: str) -> AnyResponse:
    """Take the last change back."""
    entry_id = request.form.get("entry", "")
    return _act(kind, partial(services.undo, entry_id=entry_id), "undone")


def _act(
    kind: str, act: Callable[..., str | None], done: str, typed: WordingText | None = None
) -> AnyResponse:
    """Change words, or show the form again with what stood in the way and all that was typed."""
    language, editor = asked_language(kind), check_editor(current_actor())
    try:
        entry = act(db.session, actor_id=editor, kind=kind, language=language, now=g.now)
    except InvalidInput as error:
        db.session.rollback()
        return _page(kind, language, Told(error.status, typed, error.errors))
    except (NothingToUndo, WordingMoved) as refusal:
        db.session.rollback()
        return _page(kind, language, Told(refusal.status, typed, refusal=refusal))
    db.session.commit()
    return _to(kind, language, done if entry else "same", entry)


def asked_language(kind: str) -> str:
    """Return which language of a kind is meant: the one that is named, else that of the page.

    Raises:
        NoSuchKind: There is no such kind, or no such language.
    """
    language = request.values.get("language") or current_language()
    if kind not in KINDS or language not in LANGUAGES:
        raise NoSuchKind
    return language


def _to(kind: str, language: str, done: str, entry: str | None) -> AnyResponse:
    address = url_for("wording_desk.one", kind=kind, language=language, done=done, entry=entry)
    return redirect(address, SEE_OTHER)


def _page(kind: str, language: str, told: Told = NOTHING) -> Response:
    words = queries.in_force(db.session, kind=kind, language=language)
    wordings = load(db.session)
    faults: dict[str, FieldError] = {}
    for fault in told.faults:
        faults.setdefault(fault.field, fault)
    page = render_template(
        "web/notices_desk/one.html",
        kind=KINDS[kind],
        named=named(kind),
        readers=readers_of(kind),
        category=CATEGORIES[KINDS[kind].category],
        tag=language,
        language_names=LANGUAGE_NAMES,
        words=words,
        came=default_of(kind, language),
        values=asdict(told.typed or words.text),
        faults=faults,
        refusal=told.refusal,
        differing=_differing(words, told),
        variables=variables_of(kind, language),
        meanings=VARIABLES,
        letter=letter_of(kind, language, wordings),
        text_message=text_message_of(kind, language, wordings),
        **_done(kind, language, words),
    )
    return unkept(page, told.status)


def _done(kind: str, language: str, words: InForce) -> Mapping[str, Any]:
    """Return what was just done, and the change that one press takes back while it stands."""
    asked = request.args
    change = queries.change_of(
        db.session, entry_id=asked.get("entry", ""), kind=kind, language=language
    )
    kept = words.text if words.is_edited else None
    stands = change is not None and change.after == kept and change.before != kept
    return {"done": asked.get("done", ""), "undoable": change.id if change and stands else ""}


def _differing(words: InForce, told: Told) -> tuple[Difference, ...]:
    """Return where what was typed differs from what somebody else put in force meanwhile."""
    if told.typed is None or not isinstance(told.refusal, WordingMoved):
        return ()
    old, new = asdict(words.text), asdict(told.typed)
    return tuple(
        Difference(name, old[name], new[name], tuple(changes(old[name], new[name])))
        for name in FIELDS
        if old[name] != new[name]
    )
