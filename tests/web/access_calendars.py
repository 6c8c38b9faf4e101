"""Personal calendars: the page is for who is signed in, the feed for who has its secret."""

from tests.web.access_answers import Table, everyone
from tests.web.access_seed import ROLES

SIGNED_IN = {role: 401 if role == "stranger" else 200 for role in ROLES}

CALENDARS: Table = {
    ("GET", "/calendar/my/<secret>.ics"): {"-": everyone(404)},  # the seed's secret opens nothing
    ("GET", "/account/calendar"): {"-": SIGNED_IN},
    ("POST", "/account/calendar"): {
        "-": {**SIGNED_IN, **{r: 303 for r in ROLES if r != "stranger"}}
    },
    ("POST", "/notices/mine/<token>/calendar"): {"-": everyone(404)},
}
