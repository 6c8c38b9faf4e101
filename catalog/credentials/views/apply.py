"""Applying to host: what it takes, an account, and one page for each step."""

from functools import partial
from typing import Final

from flask import g, make_response, redirect, render_template, request, url_for
from flask_security.utils import login_user
from werkzeug.wrappers import Response as AnyResponse

from accounts.errors import EmailTaken
from accounts.services import sign_up
from catalog.credentials.access import applicant_id, own_application
from catalog.credentials.enums import ApplicationState, ApplicationStep
from catalog.credentials.errors import ApplicationClosed
from catalog.credentials.forms.apply import ONE_FIELD, account_faults, read_step
from catalog.credentials.models import Application
from catalog.credentials.queries.applications import application_of
from catalog.credentials.rules.application import OPEN_STATES, REQUIRED, faults_of
from catalog.credentials.services import applications
from catalog.credentials.views.apply_pages import (
    ORDER,
    WRITTEN,
    faults_by_step,
    filled_now,
    first_of_each,
    pages_fragment,
    step_address,
    step_page,
    steps_of,
)
from catalog.credentials.views.blueprint import (
    SEE_OTHER,
    current_session,
    pages,
    settings,
    unkept,
)
from catalog.credentials.views.page_uploads import (
    has_removal,
    remove_asked_for,
    take_pages,
)
from core.errors import FieldError, InvalidInput, SignInNeeded, _
from core.limits import count_up
from core.sealing import keyed_fingerprint

SIGN_UPS: Final = 5
SIGN_UP_SECONDS: Final = 3600
NOT_NEW: Final = _("No new account can be made with this address. If you have one, sign in.")
NO_CONTENT: Final = 204


@pages.get("/apply")
def introduction() -> AnyResponse:
    """Say in one screen what applying takes; somebody who has begun goes on."""
    session = current_session()
    held = application_of(session, g.actor.user_id) if g.actor.user_id else None
    if held is not None and held.state not in OPEN_STATES:
        return redirect(url_for("licence_pages.status"), SEE_OTHER)
    return unkept(
        render_template(
            "catalog/credentials/apply/introduction.html",
            application=held,
            begin=step_address(_where_to_go_on(held)),
        )
    )


@pages.get("/apply/account")
def show_account() -> AnyResponse:
    """Ask for an account, or say which one it is."""
    return _account_page(email="", faults=())


@pages.post("/apply/account")
def make_account() -> AnyResponse:
    """Make an account and sign its owner in; the login session is another from then on."""
    if g.actor.user_id is not None:
        return redirect(step_address(ApplicationStep.PERSON), SEE_OTHER)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    if faults := account_faults(email, password):
        return _account_page(email=email, faults=faults)
    _limit_sign_ups()
    session = current_session()
    try:
        user = sign_up(
            session,
            email=email,
            password=password,
            language=g.language,
            timezone=g.zone.key,
            now=g.now,
        )
    except EmailTaken:
        session.rollback()
        return _account_page(email=email, faults=(FieldError("email", NOT_NEW),))
    login_user(user, authn_via=["password"])
    session.commit()
    return redirect(step_address(ApplicationStep.PERSON), SEE_OTHER)


def show(step: ApplicationStep) -> AnyResponse:
    """Show a step with what was typed; ``?check`` marks what is wrong with it."""
    held = application_of(current_session(), _applicant_or_none() or "")
    if _applicant_or_none() is None:
        return redirect(step_address(ApplicationStep.ACCOUNT), SEE_OTHER)
    if held is not None and held.state not in OPEN_STATES:
        return redirect(url_for("licence_pages.status"), SEE_OTHER)
    checked = faults_of(step, filled_now(held), g.now.date()) if "check" in request.args else ()
    return step_page(step, held, faults=checked)


def save(step: ApplicationStep) -> AnyResponse:
    """Keep what was typed, faults and all; then go where the pressed button says."""
    session, form = current_session(), read_step(step, request.form)
    user_id = applicant_id(g.actor)
    application = applications.begin_application(
        session, user_id=user_id, language=g.language, now=g.now
    )
    if application.state not in OPEN_STATES and ONE_FIELD not in request.form:
        return redirect(url_for("licence_pages.status"), SEE_OTHER)
    applications.save_answers(
        session,
        application=application,
        answers=form.answers,
        number=form.number,
        data_key=settings().data_key,
        now=g.now,
    )
    page_faults: tuple[FieldError, ...] = ()
    if step is ApplicationStep.LICENCE:
        remove_asked_for(session, application)
    session.commit()
    if step is ApplicationStep.LICENCE:
        page_faults = take_pages(session, user_id)
    return _after_saving(step, application, page_faults)


def _after_saving(
    step: ApplicationStep, application: Application, page_faults: tuple[FieldError, ...]
) -> AnyResponse:
    only, go = request.form.get(ONE_FIELD), request.form.get("go", "")
    if only == "documents":
        status = InvalidInput.status if page_faults else 200
        return pages_fragment(application, faults=page_faults, status=status)
    if only is not None:
        return make_response("", NO_CONTENT)
    if has_removal() or go == "upload":
        return _back_to_pages(application, page_faults)
    if go == "later":
        return redirect(url_for("licence_pages.status"), SEE_OTHER)
    if go == "back":
        return redirect(step_address(ORDER[ORDER.index(step) - 1]), SEE_OTHER)
    return _onward(step, application, page_faults)


def _onward(
    step: ApplicationStep, application: Application, page_faults: tuple[FieldError, ...]
) -> AnyResponse:
    faults = (*page_faults, *faults_of(step, filled_now(application), g.now.date()))
    if faults:
        return step_page(step, application, faults=faults, status=InvalidInput.status)
    if step is ApplicationStep.AGREEMENT:
        return send()
    return redirect(step_address(ORDER[ORDER.index(step) + 1]), SEE_OTHER)


def send() -> AnyResponse:
    """Send an application, or show on its last page what is missing on which."""
    session = current_session()
    application = own_application(session, actor=g.actor, to_write=True)
    try:
        applications.submit(
            session, application=application, data_key=settings().data_key, now=g.now
        )
    except InvalidInput:
        session.rollback()
        elsewhere = faults_by_step(application)
        status = InvalidInput.status
        return step_page(ApplicationStep.AGREEMENT, application, elsewhere=elsewhere, status=status)
    except ApplicationClosed:  # sent by another tab: what was wanted is so
        session.rollback()
    session.commit()
    return redirect(url_for("licence_pages.status"), SEE_OTHER)


def _back_to_pages(application: Application, faults: tuple[FieldError, ...]) -> AnyResponse:
    if faults:
        step = ApplicationStep.LICENCE
        return step_page(step, application, faults=faults, status=InvalidInput.status)
    return redirect(f"{step_address(ApplicationStep.LICENCE)}#pages", SEE_OTHER)


def _account_page(*, email: str, faults: tuple[FieldError, ...]) -> AnyResponse:
    signed_in = g.actor.user_id is not None
    held = application_of(current_session(), g.actor.user_id) if signed_in else None
    page = render_template(
        "catalog/credentials/apply/account.html",
        step=ApplicationStep.ACCOUNT,
        number=1,
        steps=steps_of(held, signed_in=signed_in),
        signed_in=signed_in,
        answers={"email": email},
        faults=first_of_each(faults),
        elsewhere=[],
        required=frozenset(REQUIRED),
        onward=step_address(ApplicationStep.PERSON),
    )
    return unkept(page, InvalidInput.status if faults else 200)


def _limit_sign_ups() -> None:
    """Count a sign-up by its address; the count stands even when the sign-up fails."""
    who = keyed_fingerprint(settings().secret_key, g.visitor)
    session = current_session()
    try:
        count_up(
            session,
            key=f"sign_up:{who}",
            limit=SIGN_UPS,
            seconds=SIGN_UP_SECONDS,
            now=g.now,
        )
    finally:
        session.commit()


def _applicant_or_none() -> str | None:
    try:
        return applicant_id(g.actor)
    except SignInNeeded:
        return None


def _where_to_go_on(application: Application | None) -> ApplicationStep:
    if g.actor.user_id is None:
        return ApplicationStep.ACCOUNT
    if application is None or application.state == ApplicationState.RETURNED:
        return ApplicationStep.PERSON
    broken = [view.step for view, faults in faults_by_step(application) if faults]
    return broken[0] if broken else ApplicationStep.AGREEMENT


for _step in WRITTEN:
    _name = _step.name.lower()
    pages.add_url_rule(
        f"/apply/{_step.value}", f"show_{_name}", partial(show, _step), methods=["GET"]
    )
    pages.add_url_rule(
        f"/apply/{_step.value}", f"save_{_name}", partial(save, _step), methods=["POST"]
    )
