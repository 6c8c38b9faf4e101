from datetime import UTC, datetime, timedelta

import pytest

from accounts.enums import Role
from accounts.rules import STRANGER, Actor
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from streams.playback.rules import (
    END_GRACE,
    Facts,
    Passage,
    Standing,
    may_hold_grant,
    may_play,
    passage,
    standing_of,
)

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)

PEOPLE = {
    "stranger": STRANGER,
    "viewer": Actor("viewer", frozenset({Role.VIEWER})),
    "employee": Actor("employee", memberships=frozenset({("ours", Role.EMPLOYEE)})),
    "hr": Actor("hr", memberships=frozenset({("ours", Role.HR)})),
    "org_admin": Actor("org_admin", memberships=frozenset({("ours", Role.ORG_ADMIN)})),
    "representative": Actor("rep", memberships=frozenset({("ours", Role.REPRESENTATIVE)})),
    "other employee": Actor("other", memberships=frozenset({("theirs", Role.EMPLOYEE)})),
    "other hr": Actor("other_hr", memberships=frozenset({("theirs", Role.HR)})),
    "host": Actor("host", frozenset({Role.HOST})),
    "other host": Actor("other_host", frozenset({Role.HOST})),
    "moderator": Actor("moderator", frozenset({Role.MODERATOR})),
    "captioner": Actor("captioner", frozenset({Role.CAPTIONER})),
    "editor": Actor("editor", frozenset({Role.EDITOR})),
    "administrator": Actor("administrator", frozenset({Role.ADMINISTRATOR})),
}
EVERYBODY = frozenset(PEOPLE)
CREW = frozenset({"host", "editor", "administrator"})
MEMBERS = CREW | {"employee", "hr", "org_admin", "representative"}
OPEN = {Visibility.PUBLIC: EVERYBODY, Visibility.ORGANISATION: MEMBERS}

STATES = (*((state, None) for state in L), (L.ENDED, "just now"), (L.ENDED, "long ago"))


def facts(state: L, visibility: Visibility, ended: str | None = None) -> Facts:
    since = {None: None, "just now": timedelta(seconds=14), "long ago": END_GRACE}[ended]
    return Facts(
        livestream_id="livestream",
        broadcast_id="broadcast",
        state=state,
        visibility=visibility,
        organisation_id="ours" if visibility is Visibility.ORGANISATION else None,
        host_id="host",
        ended_at=None if since is None else NOW - since,
    )


def expected(state: L, visibility: Visibility, ended: str | None) -> frozenset[str]:
    if state in {L.LIVE, L.PUBLISHED} or ended == "just now":
        return OPEN[visibility]
    if state is L.ENDED and visibility is Visibility.PUBLIC:
        return CREW | {"captioner"}  # its words are to be ready when it is released
    return CREW


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize(("state", "ended"), STATES)
def test_may_play_by_state_visibility_and_person(
    state: L, ended: str | None, visibility: Visibility
) -> None:
    known = facts(state, visibility, ended)
    playing = {
        name for name, who in PEOPLE.items() if may_play(standing_of(who, known), known, NOW)
    }
    assert playing == expected(state, visibility, ended)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize(("state", "ended"), STATES)
def test_passage_is_shared_only_when_a_stranger_may_play(
    state: L, ended: str | None, visibility: Visibility
) -> None:
    known = facts(state, visibility, ended)
    found = {name: passage([standing_of(who, known)], known, NOW) for name, who in PEOPLE.items()}
    may = expected(state, visibility, ended)
    granted = Passage.SHARED if may == EVERYBODY else Passage.PERSONAL
    assert found == {name: granted if name in may else Passage.DENIED for name in PEOPLE}


def test_passage_with_one_good_credential_of_two() -> None:
    known = facts(L.LIVE, Visibility.ORGANISATION)
    assert passage([Standing(), Standing(is_member=True)], known, NOW) is Passage.PERSONAL


def test_passage_without_credentials_of_private_media() -> None:
    assert passage([], facts(L.LIVE, Visibility.ORGANISATION), NOW) is Passage.DENIED


@pytest.mark.parametrize(
    ("visibility", "holders"), [(Visibility.PUBLIC, CREW), (Visibility.ORGANISATION, MEMBERS)]
)
def test_may_hold_grant_before_the_start(visibility: Visibility, holders: frozenset[str]) -> None:
    known = facts(L.SCHEDULED, visibility)
    found = {name for name, who in PEOPLE.items() if may_hold_grant(standing_of(who, known), known)}
    assert found == holders


def test_standing_of_a_stranger_at_a_livestream_without_organisation() -> None:
    known = facts(L.LIVE, Visibility.PUBLIC)
    assert standing_of(Actor(None, memberships=frozenset({("ours", Role.HR)})), known) == Standing()
