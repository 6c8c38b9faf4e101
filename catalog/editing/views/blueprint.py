"""The blueprint of the editors' pages, and one route for each kind of subject."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, current_app, g, make_response, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from catalog.editing.rules.contents import Subject
from catalog.editing.rules.editors import check_may_edit
from catalog.editing.views.labels import label_of
from catalog.enums import RevisionKind

pages = Blueprint("editing_pages", __name__)

SEE_OTHER: Final = 303  # after a form: reloading the page sends nothing twice


@dataclass(frozen=True, slots=True)
class Section:
    """Where the subjects of a kind live in addresses, and how routes call their id."""

    path: str
    argument: str


SECTIONS: Final = {
    RevisionKind.TOPIC: Section("topics", "slug"),
    RevisionKind.SERIES: Section("series", "series_id"),
    RevisionKind.HOST: Section("hosts", "host_id"),
    RevisionKind.LIVESTREAM: Section("livestreams", "livestream_id"),
}
REMOVABLE: Final = (RevisionKind.TOPIC, RevisionKind.SERIES)

SubjectView = Callable[[Subject], AnyResponse]


@pages.before_request
def only_editors() -> None:
    """Refuse everybody else before anything is looked up."""
    check_may_edit(g.actor)


@pages.context_processor
def words_for_templates() -> dict[str, Any]:
    """Give templates the addresses of subjects and the names of fields."""
    return {"address": address, "sections": SECTIONS, "label_of": label_of}


def for_subjects(
    suffix: str, method: str, kinds: tuple[RevisionKind, ...] = tuple(SECTIONS)
) -> Callable[[SubjectView], SubjectView]:
    """Register a view of a subject under the address of each kind."""

    def register(view: SubjectView) -> SubjectView:
        for kind in kinds:
            section = SECTIONS[kind]
            pages.add_url_rule(
                f"/editing/{section.path}/<{section.argument}>{suffix}",
                endpoint=f"{view.__name__}_{section.path}",
                view_func=_of_kind(kind, view),
                methods=[method],
            )
        return view

    return register


def address(page: str, subject: Subject, **query: str | int | None) -> str:
    """Return the address of a page of a subject."""
    section = SECTIONS[RevisionKind(subject.kind)]
    values = {section.argument: subject.id, **query}
    return url_for(f"editing_pages.{page}_{section.path}", **values)  # type: ignore[arg-type]  # its own parameters have other types


def current_session() -> Session:
    """Return the session of the request."""
    session: Session = current_app.extensions["sqlalchemy"].session
    return session


def unkept(page: str, status: int = 200) -> Response:
    """Answer with a page that no cache keeps and no search engine lists."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _of_kind(kind: RevisionKind, view: SubjectView) -> Callable[..., AnyResponse]:
    def answer(**values: str) -> AnyResponse:
        return view(Subject(kind, next(iter(values.values()))))

    return answer
