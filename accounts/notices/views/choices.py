"""What somebody with an account wants to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Response, g, render_template, request
from flask_babel import gettext

from accounts.enums import Role
from accounts.notices.access import own_choices
from accounts.notices.channels import Texts, texts_in
from accounts.notices.enums import Category
from accounts.notices.forms import Texting, choices_in, place_in, texting_in
from accounts.notices.paces import categories_for, offered
from accounts.notices.queries.people import Settled, told_to
from accounts.notices.rules import MOST_A_DAY, QUIET_FROM, QUIET_UNTIL
from accounts.notices.services import choose, choose_texts, place_recipient, recipient_of_user
from accounts.notices.views.blueprint import closed, current_session, current_settings, pages
from core.errors import InvalidInput
from core.places import places_by_area
from core.sealing import unseal
from core.words import LANGUAGES

FAULTY: Final = InvalidInput.status


@dataclass(frozen=True, slots=True)
class Values:
    """What the form shows; with the same names as it was sent, so that it can be taken back."""

    choices: Mapping[str, str]
    shows_titles: bool
    language: str
    timezone: str
    phone: str
    texts: frozenset[Texts]


@pages.get("/account/notices")
def choices() -> Response:
    """Show what can be chosen, and what was sent lately."""
    return _page(_values_of(own_choices(current_session(), actor=g.actor)))


@pages.post("/account/notices")
def keep_choices() -> Response:
    """Keep the whole form, and show it with what it was before, to go back to.

    Answered without leading elsewhere: what it was before stands in no address, where a phone
    number would be seen, and sending it twice changes nothing.
    """
    before = _values_of(own_choices(current_session(), actor=g.actor))
    try:
        _keep()
    except InvalidInput as refusal:
        current_session().rollback()
        return _page(_values_typed(), refusal=refusal)
    current_session().commit()
    now = _values_of(own_choices(current_session(), actor=g.actor))
    return _page(now, before=before)


def _keep() -> None:
    session, form = current_session(), request.form
    chosen = choices_in(form, _categories())
    language, timezone = place_in(form)
    texting = texting_in(form) if current_settings().offers_sms else None
    recipient = recipient_of_user(session, user_id=g.actor.user_id, now=g.now)
    choose(
        session, recipient_id=recipient.id, choices=chosen.paces, shows_titles=chosen.shows_titles
    )
    place_recipient(session, recipient_id=recipient.id, language=language, timezone=timezone)
    if texting is not None:
        _keep_texting(recipient.id, texting)


def _keep_texting(recipient_id: str, texting: Texting) -> None:
    choose_texts(
        current_session(),
        recipient_id=recipient_id,
        phone=texting.phone,
        texts=texting.texts,
        data_key=current_settings().data_key,
    )


def _categories() -> tuple[Category, ...]:
    return categories_for(g.actor.roles)


def _values_of(kept: Settled) -> Values:
    sealed = kept.phone_sealed
    return Values(
        choices=kept.choices,
        shows_titles=kept.shows_titles,
        language=kept.language,
        timezone=kept.timezone,
        phone=unseal(current_settings().data_key, sealed) if sealed else "",
        texts=texts_in(kept.choices),
    )


def _values_typed() -> Values:
    form = request.form
    return Values(
        choices={one: form.get(f"pace-{one}", "") for one in _categories()},
        shows_titles="shows_titles" in form,
        language=form.get("language", ""),
        timezone=form.get("timezone", ""),
        phone=form.get("phone", ""),
        texts=frozenset(one for one in Texts if one in form),
    )


def _page(
    values: Values, *, before: Values | None = None, refusal: InvalidInput | None = None
) -> Response:
    kept = own_choices(current_session(), actor=g.actor)
    errors = refusal.errors if refusal else ()
    page = render_template(
        "accounts/notices/choices.html",
        values=values,
        offered=offered(values.choices, _categories()),
        shows_titles=values.shows_titles,
        before=before,
        offered_before=offered(before.choices, _categories()) if before else (),
        faults={one.field: str(gettext(one.message, **one.params)) for one in errors},
        offers_sms=current_settings().offers_sms,
        texts=[one for one in Texts if one is not Texts.ASKED or g.actor.has(Role.HOST)],
        languages=LANGUAGES,
        zones=places_by_area(g.language),
        told=told_to(current_session(), recipient_id=kept.recipient_id),
        rules={"from": QUIET_FROM, "until": QUIET_UNTIL, "most": MOST_A_DAY},
    )
    return closed(page, FAULTY if refusal else 200)
