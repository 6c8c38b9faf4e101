"""Accounts: the ways in are for everybody, the rest is one's own.

Sessions of these tests were not begun by a sign-in, so what needs a fresh one asks once more.
"""

from tests.web.access_answers import Table, everyone, only

ACCOUNT = "/account"
LINK = "/sign-in/link/<secret>"
OWN_PAGE = {"-": only("stranger", gets=401, others=200)}
OWN_FORM = {"-": only("stranger", gets=401, others=303)}
FAULTY = {"-": only("stranger", gets=401, others=422)}
NOBODY = {"-": everyone(404)}
POSITION = "/api/v1/livestreams/<livestream_id>/position"

ACCOUNTS: Table = {
    ("GET", "/sign-up"): {"-": only("stranger", gets=200, others=303)},
    ("GET", "/sign-in/link"): {"-": everyone(200)},
    ("POST", "/sign-in/link"): {"-": everyone(422)},
    ("GET", LINK): NOBODY,
    ("POST", LINK): NOBODY,
    ("POST", "/passkeys/options"): {"-": everyone(200)},
    ("POST", "/sign-in/passkey"): {"-": everyone(400)},
    ("POST", "/sign-up/passkey"): {"-": everyone(400)},
    ("GET", ACCOUNT): OWN_PAGE,
    ("POST", ACCOUNT): FAULTY,
    ("GET", f"{ACCOUNT}/again"): OWN_PAGE,
    ("POST", f"{ACCOUNT}/again"): FAULTY,
    ("POST", f"{ACCOUNT}/address"): OWN_FORM,
    ("GET", f"{ACCOUNT}/address/link/<secret>"): {"-": only("stranger", gets=401, others=404)},
    ("POST", f"{ACCOUNT}/address/link/<secret>"): {"-": only("stranger", gets=401, others=404)},
    ("POST", f"{ACCOUNT}/password"): OWN_FORM,
    ("POST", f"{ACCOUNT}/passkeys"): OWN_FORM,
    ("POST", f"{ACCOUNT}/passkeys/<passkey_id>/remove"): OWN_FORM,
    ("POST", f"{ACCOUNT}/sessions/end"): OWN_FORM,
    ("GET", f"{ACCOUNT}/privacy"): OWN_PAGE,
    ("POST", f"{ACCOUNT}/privacy/history"): FAULTY,
    ("GET", f"{ACCOUNT}/history"): OWN_PAGE,
    ("POST", f"{ACCOUNT}/history/erase"): OWN_FORM,
    ("GET", f"{ACCOUNT}/export"): OWN_FORM,
    ("GET", f"{ACCOUNT}/erase"): OWN_FORM,
    ("POST", f"{ACCOUNT}/erase"): OWN_FORM,
    ("GET", "/receipts/<number>"): NOBODY,
    ("GET", "/receipts/<number>/file"): NOBODY,
    ("GET", "/offline"): {"-": everyone(200)},
    ("GET", "/service-worker.js"): {"-": everyone(200)},
    ("GET", "/manifest.webmanifest"): {"-": everyone(200)},
    # Nobody has said yes to a history
    ("GET", POSITION): {"public": only("stranger", gets=401, others=403)},
    ("PUT", POSITION): {"public": only("stranger", gets=401, others=403)},
}

ACCOUNT_BODIES = {("PUT", POSITION): {"seconds": 60}}
