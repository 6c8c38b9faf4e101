"""The form of a claim: what the host says about the livestream, and what they confirm."""

from collections.abc import Iterable
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from catalog.enums import ReplayPolicy
from catalog.rules import LONGEST_TITLE, as_words
from core.errors import FieldError, _
from core.words import CHINESE, ENGLISH
from scheduler.slots.queries import SlotView
from streams.planning.rules.claims import Claim

NO_CONSENT: Final = _("Tick this to go on: every livestream is recorded.")
NO_INTEREST: Final = _("Tick this, or declare your interest on the page of your licence first.")
BESIDE: Final = {"title": "title_en", "description": "description_en"}


class ClaimForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What a host writes when claiming a slot."""

    class Meta:
        """The token of every form of the site is checked before its view."""

        csrf = False

    title_en = StringField()
    title_zh = StringField()
    description_en = StringField()
    description_zh = StringField()
    replay_policy = StringField()
    no_interest = BooleanField()
    recorded = BooleanField()


def first_values(slot: SlotView) -> dict[str, Any]:
    """Return what the form begins with: what the editors suggested."""
    return {
        "title_en": slot.names.get(ENGLISH, ""),
        "title_zh": slot.names.get(CHINESE, ""),
        "description_en": slot.descriptions.get(ENGLISH, ""),
        "description_zh": slot.descriptions.get(CHINESE, ""),
        "replay_policy": ReplayPolicy.AFTER_RELEASE.value,
    }


def claim_of(form: ClaimForm) -> Claim:
    """Return what the host says."""
    return Claim(
        titles=_words(form.title_en.data, form.title_zh.data),
        descriptions=_words(form.description_en.data, form.description_zh.data),
        replay_policy=form.replay_policy.data or ReplayPolicy.AFTER_RELEASE,
    )


def unconfirmed(form: ClaimForm, *, has_declared: bool) -> tuple[FieldError, ...]:
    """Return what the host has to confirm yet; a declared interest is shown, not denied."""
    faults = []
    if not has_declared and not form.no_interest.data:
        faults.append(FieldError("no_interest", NO_INTEREST))
    if not form.recorded.data:
        faults.append(FieldError("recorded", NO_CONSENT))
    return tuple(faults)


def beside_fields(form: ClaimForm, faults: Iterable[FieldError]) -> dict[str, FieldError]:
    """Return the first fault of each field of the form, by its name, in the form's order."""
    found: dict[str, FieldError] = {}
    for fault in faults:
        name = BESIDE.get(fault.field, fault.field)
        if name == "title_en" and len(form.title_zh.data or "") > LONGEST_TITLE:
            name = "title_zh"
        found.setdefault(name if name in form else "title_en", fault)
    order = list(form._fields)
    return {name: found[name] for name in sorted(found, key=order.index)}


def _words(english: str | None, chinese: str | None) -> dict[str, str]:
    texts = {ENGLISH: english or "", CHINESE: chinese or ""}
    return as_words({tag: text.replace("\r\n", "\n") for tag, text in texts.items()}, ENGLISH)
