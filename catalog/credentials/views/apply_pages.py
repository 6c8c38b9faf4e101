"""What the pages of an application are drawn with: their steps, choices and faults."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, g, render_template, url_for

from catalog.credentials.enums import ApplicationStep
from catalog.credentials.models import Application
from catalog.credentials.queries.applications import filled_of, number_end, pages_of
from catalog.credentials.rules.agreement import RECORDING, RECORDING_VERSION
from catalog.credentials.rules.application import (
    FIELDS,
    MOST_PAGES,
    REQUIRED,
    Filled,
    all_faults,
    empty_answers,
)
from catalog.credentials.rules.countries import country_names
from catalog.credentials.views.blueprint import current_session, settings, unkept
from catalog.enums import CredentialKind
from catalog.queries import list_topics
from core.errors import FieldError, _
from core.words import CHINESE, ENGLISH

NAMES: Final = {
    ApplicationStep.ACCOUNT: _("Account"),
    ApplicationStep.PERSON: _("About you"),
    ApplicationStep.LICENCE: _("Your licence"),
    ApplicationStep.TOPICS: _("Topics and languages"),
    ApplicationStep.AGREEMENT: _("Agreement"),
}
ORDER: Final = tuple(ApplicationStep)
WRITTEN: Final = ORDER[1:]
"""The steps that an application keeps; the account is made before it."""

KINDS: Final = (
    (
        CredentialKind.PSYCHIATRIST,
        _("Psychiatrist"),
        _("Teaches everything: education, diagnosis, medicines."),
    ),
    (
        CredentialKind.PSYCHOTHERAPIST,
        _("Psychotherapist"),
        _("Teaches education and diagnosis, never medicines or dosing."),
    ),
    (
        CredentialKind.COUNSELLOR,
        _("Psychological counsellor"),
        _("Teaches education, never diagnosis, medicines or dosing."),
    ),
)
LANGUAGES: Final = ((ENGLISH, _("English")), (CHINESE, _("Mandarin")))


@dataclass(frozen=True, slots=True)
class StepView:
    """A step in the row of steps."""

    step: ApplicationStep
    name: str
    address: str
    is_done: bool


def endpoint_of(step: ApplicationStep, act: str = "show") -> str:
    """Return how routes call the page of a step, or the act that saves it."""
    return f"licence_pages.{act}_{step.name.lower()}"


def step_address(step: ApplicationStep) -> str:
    """Return the address of a step."""
    return url_for(endpoint_of(step))


def answers_to_show(application: Application | None) -> dict[str, Any]:
    """Return what was typed so far, or what an empty wizard begins with."""
    return application.answers if application is not None else empty_answers(g.language)


def filled_now(application: Application | None) -> Filled:
    """Return all that the application holds."""
    return filled_of(
        current_session(),
        application,
        answers=answers_to_show(application),
        data_key=settings().data_key,
    )


def steps_of(application: Application | None, *, signed_in: bool) -> tuple[StepView, ...]:
    """Return the row of steps; one is done when it was written and has no fault."""
    broken = all_faults(filled_now(application), g.now.date())
    written = _written_steps(application)
    return tuple(
        StepView(
            step,
            NAMES[step],
            step_address(step),
            signed_in
            if step is ApplicationStep.ACCOUNT
            else step in written and step not in broken,
        )
        for step in ORDER
    )


def _written_steps(application: Application | None) -> frozenset[ApplicationStep]:
    """Return the steps that were saved: one that asks for nothing is not done before."""
    answers = application.answers if application is not None else {}
    return frozenset(step for step in WRITTEN if FIELDS[step][0] in answers)


def faults_by_step(application: Application) -> list[tuple[StepView, tuple[FieldError, ...]]]:
    """Return what has to be looked at before an application can be sent, step by step."""
    broken = all_faults(filled_now(application), g.now.date())
    views = {one.step: one for one in steps_of(application, signed_in=True)}
    return [(views[step], faults) for step, faults in broken.items()]


def first_of_each(faults: Iterable[FieldError]) -> dict[str, FieldError]:
    """Return the first fault of each field."""
    found: dict[str, FieldError] = {}
    for fault in faults:
        found.setdefault(fault.field, fault)
    return found


def step_page(
    step: ApplicationStep,
    application: Application | None,
    *,
    faults: Iterable[FieldError] = (),
    elsewhere: Iterable[tuple[StepView, tuple[FieldError, ...]]] = (),
    status: int = 200,
) -> Response:
    """Draw one step with what was typed and what is wrong with it."""
    page = render_template(
        f"catalog/credentials/apply/{step.name.lower()}.html",
        step=step,
        number=ORDER.index(step) + 1,
        steps=steps_of(application, signed_in=True),
        application=application,
        answers=answers_to_show(application),
        faults=first_of_each(faults),
        elsewhere=list(elsewhere),
        required=frozenset(REQUIRED),
        **_choices(step),
        **_pages(step, application),
    )
    return unkept(page, status)


def pages_fragment(
    application: Application, *, faults: Iterable[FieldError], status: int
) -> Response:
    """Draw the list of pages alone, for the script that sent one."""
    page = render_template(
        "catalog/credentials/apply/_pages.html",
        faults=first_of_each(faults),
        required=frozenset(REQUIRED),
        **_pages(ApplicationStep.LICENCE, application),
    )
    return unkept(page, status)


def _pages(step: ApplicationStep, application: Application | None) -> dict[str, Any]:
    if step is not ApplicationStep.LICENCE:
        return {}
    held = pages_of(current_session(), application.id) if application is not None else ()
    return {
        "documents": held,
        "most_pages": MOST_PAGES,
        "number_end": number_end(application, settings().data_key),
    }


def _choices(step: ApplicationStep) -> dict[str, Any]:
    match step:
        case ApplicationStep.LICENCE:
            return {"kinds": KINDS, "countries": country_names(g.language).items()}
        case ApplicationStep.TOPICS:
            return {"topics": list_topics(current_session()), "languages": LANGUAGES}
        case ApplicationStep.AGREEMENT:
            return {
                "recording": RECORDING[RECORDING_VERSION],
                "recording_version": RECORDING_VERSION,
            }
    return {"fields": FIELDS[step]}
