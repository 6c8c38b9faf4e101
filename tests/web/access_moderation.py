"""Who sits at the question desk, and who answers in the studio: never the host at the desk."""

from typing import Final

from tests.web.access_answers import MEMBERS_A, STAFF, Answers, Table, only

ONE: Final = "/livestreams/<livestream_id>"
DESK: Final = f"{ONE}/questions/desk"


def at_the_desk(status: int) -> dict[str, Answers]:
    """The staff and the assigned moderator get this, and the host is sent to the studio."""
    return {
        "public": only(*STAFF, gets=status, others=403, stranger=401),
        "moderated": {
            **only("moderator", *STAFF, gets=status, others=404),
            **dict.fromkeys(("host", *MEMBERS_A), 403),
        },
        "of_b": {
            **only(*STAFF, gets=status, others=404),
            **dict.fromkeys(("other_host", "employee_b", "hr_b"), 403),
        },
        "draft": {**only(*STAFF, gets=status, others=404), "host": 403},
    }


def of_the_crew(status: int) -> dict[str, Answers]:
    """The host gets this as well."""
    return {
        "public": only("host", *STAFF, gets=status, others=403, stranger=401),
        "moderated": {
            **only("host", "moderator", *STAFF, gets=status, others=404),
            **dict.fromkeys(MEMBERS_A, 403),
        },
    }


MODERATION: Final[Table] = {
    ("GET", DESK): at_the_desk(200),
    ("GET", f"{DESK}/state"): at_the_desk(200),
    ("GET", f"{DESK}/alert"): at_the_desk(200),
    # There is no question of the id that is asked for, nor an act without a name
    ("POST", f"{DESK}/open"): at_the_desk(404),
    ("POST", f"{DESK}/keep"): at_the_desk(404),
    ("POST", f"{DESK}/undo"): at_the_desk(404),
    ("POST", f"{DESK}/decide"): at_the_desk(409),
    ("POST", f"{DESK}/door"): of_the_crew(303),
    ("POST", f"{ONE}/studio/questions/<question_id>"): of_the_crew(409),
}
