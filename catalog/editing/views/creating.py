"""New topics and series: drafts at first, which nobody else sees."""

from flask import Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from catalog.editing import services
from catalog.editing.errors import DraftMoved
from catalog.editing.forms import Typed
from catalog.editing.queries import topics_listed
from catalog.editing.rules.contents import Base, Content, Subject, fingerprint, nested, normal
from catalog.editing.rules.faults import NO_NAME, slug_faults
from catalog.editing.views.blueprint import SEE_OTHER, address, current_session, pages, unkept
from catalog.enums import RevisionKind
from core.errors import FieldError, InvalidInput
from core.ids import new_id
from core.words import ENGLISH

NOTHING_YET = Base(0, fingerprint(None))


@pages.get("/editing/topics/new")
def new_topic() -> Response:
    """Ask for the address and the names of a topic."""
    return _page("new_topic", {}, ())


@pages.post("/editing/topics/new")
def create_topic() -> AnyResponse:
    """Begin a topic as a draft."""
    listed = topics_listed(current_session())
    slug = request.form.get("slug", "").strip()
    content = _typed(RevisionKind.TOPIC, request.form)
    faults = slug_faults(slug, [topic.id for topic in listed])
    if not content["names"]:
        faults.append(FieldError(f"names.{ENGLISH}", NO_NAME))
    if faults:
        return _page("new_topic", request.form, tuple(faults))
    content["position"] = len(listed) + 1
    return _begin(Subject(RevisionKind.TOPIC, slug), content)


@pages.get("/editing/series/new")
def new_series() -> Response:
    """Ask for the titles of a series."""
    return _page("new_series", {}, ())


@pages.post("/editing/series/new")
def create_series() -> AnyResponse:
    """Begin a series as a draft."""
    content = _typed(RevisionKind.SERIES, request.form)
    if not content["titles"]:
        return _page("new_series", request.form, (FieldError(f"titles.{ENGLISH}", NO_NAME),))
    return _begin(Subject(RevisionKind.SERIES, new_id()), content)


def _typed(kind: RevisionKind, form: Typed) -> Content:
    return normal(kind, nested(dict(form.items())))


def _begin(subject: Subject, content: Content) -> AnyResponse:
    session = current_session()
    try:
        services.save_draft(
            session,
            actor=g.actor,
            subject=subject,
            content=content,
            base=NOTHING_YET,
            now=g.now,
        )
    except DraftMoved:  # somebody began the same topic at the same moment: it is shown
        session.rollback()
    else:
        session.commit()
    return redirect(address("edit", subject), SEE_OTHER)


def _page(name: str, values: object, faults: tuple[FieldError, ...]) -> Response:
    page = render_template(
        f"catalog/editing/{name}.html", values=values, faults={one.field: one for one in faults}
    )
    return unkept(page, InvalidInput.status if faults else 200)
