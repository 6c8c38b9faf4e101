"""Everything that is held about somebody without an account, handed over as a file."""

import json

from flask import Response

from accounts.notices.personal import export as held_about
from scheduler.registrations.views.blueprint import current_session, pages, secret, settings
from scheduler.registrations.views.mine import holder_of


@pages.get("/notices/mine/<token>/data")
def export(token: str) -> Response:
    """Hand over all rows about the holder of a link, by table; without secrets."""
    recipient = holder_of(token)
    held = held_about(current_session(), recipient_id=recipient.id, data_key=settings().data_key)
    answer = secret(json.dumps(held, ensure_ascii=False, indent=2))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="mindcast.json"'
    return answer
