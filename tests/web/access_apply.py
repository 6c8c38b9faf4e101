"""Who may use the pages of applying to host: strangers begin, everybody signed in goes on."""

from tests.web.access_answers import HOSTS, Answers, everyone, only

SIGNED_IN = only("stranger", gets=303, others=200)


def signed_in(status: int) -> Answers:
    """Everybody with an account may apply, whatever else they are."""
    return only("stranger", gets=401, others=status)


APPLY = {
    ("GET", "/apply"): {"-": everyone(200)},
    ("GET", "/apply/account"): {"-": everyone(200)},
    ("POST", "/apply/account"): {"-": only("stranger", gets=422, others=303)},
    ("GET", "/apply/about-you"): {"-": SIGNED_IN},
    ("GET", "/apply/licence"): {"-": SIGNED_IN},
    ("GET", "/apply/topics"): {"-": SIGNED_IN},
    ("GET", "/apply/agreement"): {"-": SIGNED_IN},
    # Empty forms: what is missing is named; topics may be left for later
    ("POST", "/apply/about-you"): {"-": signed_in(422)},
    ("POST", "/apply/licence"): {"-": signed_in(422)},
    ("POST", "/apply/topics"): {"-": signed_in(303)},
    ("POST", "/apply/agreement"): {"-": signed_in(422)},
    ("GET", "/apply/status"): {"-": signed_in(303)},
    # There is no application, and no page of the id that is asked for
    ("POST", "/apply/submit"): {"-": signed_in(404)},
    ("POST", "/apply/erase"): {"-": signed_in(404)},
    ("GET", "/apply/documents/<document_id>"): {"-": signed_in(404)},
    ("GET", "/hosting/licence"): {"-": only(*HOSTS, gets=200, others=403, stranger=401)},
    ("POST", "/hosting/licence"): {"-": only(*HOSTS, gets=422, others=403, stranger=401)},
    ("POST", "/hosting/licence/consent"): {"-": only(*HOSTS, gets=303, others=403, stranger=401)},
}
