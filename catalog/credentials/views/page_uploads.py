"""Pages of a licence as they come in: checked, sealed and stored while no lock is held."""

from collections.abc import Iterator
from threading import Lock
from typing import Final

from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from catalog.credentials.access import own_application
from catalog.credentials.errors import BadPage, NoSuchDocument, PagesAway, TooManyPages
from catalog.credentials.models import Application
from catalog.credentials.rules.documents import LARGEST_PAGE, Page, checked_page
from catalog.credentials.services import documents
from catalog.credentials.views.blueprint import settings, storage
from catalog.rules import is_id
from core.errors import FieldError, Refusal, TooMany, _
from core.limits import count_up
from core.sealing import keyed_fingerprint
from media.errors import StorageUnavailable
from media.paths import document_key

ONE_AT_A_TIME: Final = Lock()
"""A picture of 200 KB can need half a GB while it is decoded: not in every thread at once."""
REPLACES: Final = "replace-"
MOST_AN_HOUR: Final = 40
"""Reading pictures is work: more than this no licence has."""
HOUR: Final = 3600
AWAY: Final = _("The page could not be stored now. Please try again in a moment.")


def has_removal() -> bool:
    """Tell whether a button beside a page was pressed."""
    return bool(request.form.get("remove"))


def remove_asked_for(session: Session, application: Application) -> None:
    """Remove the page whose button was pressed; one that is gone already is gone."""
    document_id = request.form.get("remove", "")
    if not is_id(document_id):
        return
    try:
        _remove(session, application, document_id)
    except NoSuchDocument:
        return
    except StorageUnavailable as error:
        session.rollback()
        raise PagesAway from error


def take_pages(session: Session, user_id: str) -> tuple[FieldError, ...]:
    """Take the files that were sent with the form; return what is wrong with them."""
    faults = []
    for replaced, file in _sent():
        try:
            _take(session, user_id, file, replaced)
        except TooMany:
            raise
        except (BadPage, TooManyPages) as refusal:
            session.rollback()
            faults.append(_beside(refusal))
        except StorageUnavailable:
            session.rollback()
            faults.append(FieldError("documents", AWAY))
    return tuple(faults)


def _take(session: Session, user_id: str, file: FileStorage, replaced: str) -> None:
    _limit(session, user_id)
    data = file.stream.read(LARGEST_PAGE + 1)
    with ONE_AT_A_TIME:
        page = checked_page(data)
    document_id = documents.store_page(storage(), page, data_key=settings().data_key)
    try:
        _add(session, page, document_id, file.filename or "", replaced)
        session.commit()
    except BaseException:
        session.rollback()
        storage().delete(document_key(document_id))  # else nobody knew of the object
        raise


def _add(session: Session, page: Page, document_id: str, name: str, replaced: str) -> None:
    application = own_application(session, actor=g.actor, to_write=True)
    if replaced:
        _remove(session, application, replaced)
    documents.add_document(
        session,
        application=application,
        document_id=document_id,
        name=name,
        page=page,
        now=g.now,
    )


def _remove(session: Session, application: Application, document_id: str) -> None:
    documents.remove_document(
        session, storage(), application=application, document_id=document_id, now=g.now
    )


def _sent() -> Iterator[tuple[str, FileStorage]]:
    """Yield each file with the id of the page it takes the place of; an empty id: none."""
    for name, file in request.files.items(multi=True):
        replaced = name.removeprefix(REPLACES) if name.startswith(REPLACES) else ""
        if file.filename and (name == "document" or is_id(replaced)):
            yield replaced, file


def _limit(session: Session, user_id: str) -> None:
    who = keyed_fingerprint(settings().secret_key, user_id)
    try:
        count_up(session, key=f"page:{who}", limit=MOST_AN_HOUR, seconds=HOUR, now=g.now)
    finally:
        session.commit()  # also lets go of every lock while the page is looked at


def _beside(refusal: Refusal) -> FieldError:
    return FieldError("documents", refusal.message, refusal.params)
