"""Wordings for the staff, the board of notices, and sent mails for administrators alone.

The seed has no notice and no mail: whoever may look finds nothing there.
"""

from tests.web.access_answers import STAFF, Answers, Table, only

WORDINGS = "/editing/notices"
ONE = f"{WORDINGS}/<kind>"
BOARD = "/administration/work/notices"
NOTICE = f"{BOARD}/<notice_id>"
MAIL = "/administration/mail"
SENT = f"{MAIL}/<day>/<hour>/<name>"


def staff(status: int) -> dict[str, Answers]:
    """Editors and administrators get this."""
    return {"-": only(*STAFF, gets=status, others=403, stranger=401)}


def administrators(status: int) -> dict[str, Answers]:
    """Administrators get this."""
    return {"-": only("administrator", gets=status, others=403, stranger=401)}


NOTICES_DESK: Table = {
    ("GET", WORDINGS): staff(200),
    ("GET", ONE): staff(200),
    ("GET", f"{ONE}/frame"): staff(200),
    # Empty forms: nothing that could be sent, and not begun with the words that are in force
    ("POST", ONE): staff(422),
    ("POST", f"{ONE}/frame"): staff(422),
    ("POST", f"{ONE}/reset"): staff(409),
    ("POST", f"{ONE}/undo"): staff(409),
    ("GET", BOARD): staff(200),
    ("GET", NOTICE): staff(404),
    ("POST", f"{NOTICE}/retry"): administrators(404),
    ("POST", f"{NOTICE}/drop"): administrators(404),
    ("GET", MAIL): administrators(200),
    ("GET", SENT): administrators(404),
    ("GET", f"{SENT}/html"): administrators(404),
    ("GET", f"{SENT}/attachments/<int:number>"): administrators(404),
}
