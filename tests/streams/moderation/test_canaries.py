"""What a stranger can fetch never holds a question that was not approved: everything is fetched."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from media.models import Broadcast
from streams.moderation.enums import Act
from streams.questions.models import Question
from streams.questions.services import withdraw_question
from tests.fakes.desks import Desk, open_desk
from web.site import Site

pytestmark = pytest.mark.integration

HIDDEN: Final = ("waiting", "held", "refused", "private", "withdrawn", "merged", "high", "sealed")
SHOWN: Final = ("approved", "answered", "onair", "written")
MISSING: Final = "none"
WORDLESS: Final = (".png", "/readyz", "/metrics", "/static/<path:filename>")
"""Pictures are drawn slowly and say the title alone; the others know no livestream."""
ABOUT: Final = "How do shift workers sleep? canary{}"


@pytest.fixture
def asked(session: Session, now: datetime) -> tuple[Desk, dict[str, Question]]:
    """Return one question in each state; each has a word of its own that nothing else holds."""
    desk = open_desk(session, now)
    names = [name for name in (*HIDDEN, *SHOWN) if name not in {"high", "sealed", "written"}]
    made = {name: desk.ask(ABOUT.format(name)) for name in names}
    made["high"] = desk.ask("I want to kill myself. canaryhigh")
    desk.decide(made["held"], Act.HOLD)
    desk.decide(made["refused"], Act.REFUSE, reason="off_topic")
    desk.decide(made["private"], Act.PRIVATE, text="Only you read this. canarysealed")
    withdraw_question(session, question=made["withdrawn"], now=now)
    desk.decide(made["approved"], Act.APPROVE)
    desk.decide(made["answered"], Act.PUBLIC, text="Everybody reads this. canarywritten")
    desk.decide(made["merged"], Act.MERGE, target_id=made["approved"].id)
    desk.decide(made["onair"], Act.APPROVE)
    desk.decide(made["onair"], Act.NEXT)
    session.commit()
    return desk, made


def addresses(app: Site, values: Mapping[str, str], found: str) -> Iterator[str]:
    """Give every address that is fetched by GET, with the ids that there are."""
    rules = {one.rule for one in app.url_map.iter_rules() if "GET" in (one.methods or ())}
    for rule in sorted(rule for rule in rules if not rule.endswith(WORDLESS)):
        filled = re.sub(r"<(?:[^>:]+:)?([^>]+)>", lambda hole: values.get(hole[1], MISSING), rule)
        yield f"{filled}?q={found}&all=1&limit=100"
        if "<livestream_id>" in rule and not rule.startswith("/api/"):
            yield f"/zh{filled}?q={found}"


def leaks(client: FlaskClient, desk: Desk, made: Mapping[str, Question]) -> set[str]:
    """Return the canaries that stand in anything a stranger is answered."""
    livestream = desk.livestream
    values = {
        "livestream_id": livestream.id,
        "broadcast_id": livestream.broadcast_id,
        "host_id": livestream.host_id,
        "slug": "sleep",
        "audience": "frontline",
        "language": "en",
        "rest": f"{livestream.broadcast_id}/master.m3u8",
        "number": "0",
    }
    held = set()
    ids = [one.id for one in made.values()]
    for place, address in enumerate(addresses(client.application, values, "canary")):  # type: ignore[arg-type]  # our own kind of application
        rule_ids = ids if "/questions/none" in address else ids[place % len(ids) :][:1]
        for one in rule_ids:
            body = client.get(address.replace("/questions/none", f"/questions/{one}")).data.decode(
                errors="ignore"
            )
            held |= set(re.findall(r"canary([a-z]+)", body))
    return held


@pytest.mark.timeout(600)  # some two hundred pages
def test_nothing_that_was_not_approved_is_in_anything_a_stranger_fetches(
    client: FlaskClient, asked: tuple[Desk, dict[str, Question]], now: datetime
) -> None:
    desk, made = asked
    livestream = desk.livestream
    seen = set()
    for state, after in ((LivestreamState.LIVE, 0), (LivestreamState.PUBLISHED, 1)):
        livestream.state = state
        if after:
            livestream.ended_at = now + timedelta(hours=after)
            broadcast = desk.session.get_one(Broadcast, livestream.broadcast_id)
            broadcast.state = "ended"
        desk.session.commit()
        found = leaks(client, desk, made)
        assert (state, found & set(HIDDEN)) == (state, set())
        seen |= found
    assert seen == set(SHOWN)  # the same walk finds what may be found
