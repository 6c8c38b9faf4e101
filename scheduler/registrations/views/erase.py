"""The end of everything that is held about somebody without an account, with a receipt."""

from flask import Response, g, render_template
from werkzeug.wrappers import Response as AnyResponse

from accounts.notices.personal import erase_mails
from core.sealing import unseal
from scheduler.registrations import services
from scheduler.registrations.views.blueprint import current_session, pages, secret, settings
from scheduler.registrations.views.mine import holder_of


@pages.get("/notices/mine/<token>/erase")
def erasing(token: str) -> Response:
    """Say what goes and that it does not come back; nothing is changed."""
    recipient = holder_of(token)
    address = unseal(settings().data_key, recipient.address_sealed)
    page = render_template("scheduler/registrations/erase.html", token=token, address=address)
    return secret(page)


@pages.post("/notices/mine/<token>/erase")
def erase(token: str) -> AnyResponse:
    """Delete it and show the receipt: there is no address any more that it could be sent to."""
    session = current_session()
    recipient = holder_of(token)
    mails = erase_mails(session, recipient_id=recipient.id, mail=settings().mail)
    receipt, counts = services.erase(session, recipient_id=recipient.id, now=g.now)
    session.commit()
    page = render_template(
        "scheduler/registrations/erased.html",
        receipt=receipt,
        counts={**counts, "mails": mails},
        at=g.now,
    )
    return secret(page)
