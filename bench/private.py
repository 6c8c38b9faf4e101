"""Promise 8: a private broadcast gives outsiders nothing, takes back grants, and is fast."""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.services import create_organisation, end_membership
from bench.broadcast import Broadcast, Crew, account, database, make_crew, schedule, wait_for
from bench.edge import go_live
from bench.encoder import Encoder
from bench.figures import Figure, at_least, at_most
from bench.house import House, house
from bench.lengths import length
from bench.listings import read_listed
from bench.load import on_one_core, press
from core.clock import utc_now
from media.models import Asset, Segment
from media.paths import CONTENT_TYPES, url_of_key
from media.storage import S3Storage
from streams.playback.services import revoke_grants
from tests.fakes.shows import Show
from web.home import load_settings

SIZE = 300_000
OK, NOT_FOUND = 200, 404
DENIED_FOR = 5.0  # seconds that a denial must last to count
PATIENCE = 90.0


@dataclass
class Person:
    """Somebody with an account, and the cookie of a grant if there is one."""

    id: str
    token: str
    cookie: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What their player sends: the grant alone, as a browser does."""
        return {"Cookie": f"mc_grant={self.cookie}"} if self.cookie else {}


@dataclass
class Companies:
    """Two companies: ours has the livestream, two of its people watch; theirs has one outsider."""

    ours: str
    members: list[Person]
    outsider: Person


def measure() -> list[Figure]:
    with house() as site:
        crew, companies = make_crew(site), make_companies(site)
        fields = {"visibility": "organisation", "organisation": companies.ours}
        broadcast = schedule(site, crew, **fields)
        encoder = Encoder(broadcast.push_url)
        try:
            time.sleep(length("PRIVATE_SECONDS", 20, 10))
            member = companies.members[0]
            admit(site, broadcast, member)
            figures = outsider_figures("live", site, broadcast, companies)
        finally:
            encoder.stop()
        broadcast.end()
        broadcast.wait_published()
        wait_for(lambda: len(asset_urls(site, broadcast)) > 1, PATIENCE, "poster and sound")
        figures += outsider_figures("ended", site, broadcast, companies)
        figures += revocation_figures(site, broadcast, companies)
        return figures + speed_figures(site, crew, companies)


def make_companies(site: House) -> Companies:
    ids = []
    with database(site) as session:
        for slug in ("ours", "theirs"):
            made = create_organisation(
                session, slug=slug, names={"en": slug}, kind="company", now=utc_now()
            )
            ids.append(made.id)
    members = [Person(*account(site, Role.EMPLOYEE, ids[0])) for _ in range(2)]
    return Companies(ids[0], members, Person(*account(site, Role.EMPLOYEE, ids[1])))


def admit(site: House, broadcast: Broadcast, person: Person) -> int:
    """Ask for a grant as a player does; return the status, keep the cookie if there is one."""
    path = f"/api/v1/livestreams/{broadcast.livestream_id}/playback"
    answer = site.send("POST", path, token=person.token)
    found = re.search(r"mc_grant=([^;]+)", answer.headers.get("set-cookie", ""))
    person.cookie = found[1] if found else ""
    return answer.status


def outsider_figures(
    state: str, site: House, broadcast: Broadcast, companies: Companies
) -> list[Figure]:
    """Let outsiders ask for every address that a member knows."""
    member, outsider = companies.members[0], companies.outsider
    urls = every_url(site, broadcast, member)
    refused = admit(site, broadcast, outsider)
    strangers = sum(taken(site, url, {}) for url in urls)
    others = sum(taken(site, url, headers) for url in urls for headers in guises(outsider))
    got = sum(taken(site, url, member.headers) > 0 for url in urls)
    note = f"{len(urls)} addresses"
    return [
        at_most(8, f"{state}: bytes for a stranger", strangers, "", 0, note),
        at_most(8, f"{state}: bytes for another company's employee", others, "", 0, note),
        at_most(8, f"{state}: grants for them", int(refused == OK), "", 0, f"status {refused}"),
        at_least(8, f"{state}: addresses a member can play", got, "", len(urls), note),
    ]


def guises(person: Person) -> list[dict[str, str]]:
    """Return what an outsider may try: a token, and cookies that are none."""
    bearer = f"Bearer {person.token}"
    return [
        {"Authorization": bearer},
        {"Cookie": f"mc_grant={person.token}"},
        {"Cookie": "mc_grant=", "Authorization": bearer},
    ]


def taken(site: House, url: str, headers: dict[str, str]) -> int:
    """Return the bytes that an address gave; a refusal gives none."""
    answer = site.get(url, headers=headers)
    return len(answer.body) if answer.status < 300 else 0  # noqa: PLR2004 -- HTTP's successes


def every_url(site: House, broadcast: Broadcast, member: Person) -> list[str]:
    """Return every address of the broadcast, from the rows as from the playlists."""
    with database(site) as session:
        keys = session.scalars(
            select(Segment.object_key).where(Segment.broadcast_id == broadcast.id)
        ).all()
    listed = read_listed(broadcast, member.headers)
    playlists = [f"{broadcast.folder}{name}/index.m3u8" for name in listed.texts]
    segments = [site.url + url_of_key(key) for key in keys]
    seen = dict.fromkeys([*listed.segments(), *segments])
    assets = asset_urls(site, broadcast)
    return [f"{broadcast.folder}master.m3u8", *playlists, *listed.inits(), *seen, *assets]


def asset_urls(site: House, broadcast: Broadcast) -> list[str]:
    """Return the addresses of poster and sound, once they are made."""
    with database(site) as session:
        query = select(Asset.object_key).where(Asset.broadcast_id == broadcast.id)
        return [site.url + url_of_key(key) for key in session.scalars(query)]


def revocation_figures(site: House, broadcast: Broadcast, companies: Companies) -> list[Figure]:
    """Take a grant from one member and the membership from another while they play."""
    one, other = companies.members

    def end_grant(session: Session) -> None:
        revoke_grants(session, user_id=one.id, broadcast_id=broadcast.id)

    def leave_company(session: Session) -> None:
        end_membership(
            session,
            user_id=other.id,
            organisation_id=companies.ours,
            role=Role.EMPLOYEE,
            now=utc_now(),
        )

    grant = revocation(site, broadcast, one, end_grant)
    membership = revocation(site, broadcast, other, leave_company)
    return [
        at_most(8, "revoked grant plays on for", grant, "s", 60),
        at_most(8, "ended membership plays on for", membership, "s", 60),
    ]


def revocation(
    site: House, broadcast: Broadcast, person: Person, revoke: Callable[[Session], None]
) -> float:
    """Return the seconds between a revocation in mid-play and the last byte after it."""
    admit(site, broadcast, person)
    urls = cycle(every_url(site, broadcast, person))
    for _ in range(10):  # the edge has the gate's answer fresh in its cache
        if not taken(site, next(urls), person.headers):
            message = "a member cannot play"
            raise RuntimeError(message)
    with database(site) as session:
        revoke(session)
    began = last = time.monotonic()
    while time.monotonic() - last < DENIED_FOR and time.monotonic() - began < PATIENCE:
        last = time.monotonic() if taken(site, next(urls), person.headers) else last
        time.sleep(0.1)
    return last - began


def speed_figures(site: House, crew: Crew, companies: Companies) -> list[Figure]:
    """Load the same segment of a public and of a private broadcast, one after the other."""
    fields = {"visibility": "organisation", "organisation": companies.ours}
    public = stored_segment(site, schedule(site, crew))
    hidden = schedule(site, crew, **fields)
    private = stored_segment(site, hidden)
    person = Person(*account(site, Role.EMPLOYEE, companies.ours))
    admit(site, hidden, person)
    if not taken(site, public, {}) == taken(site, private, person.headers) == SIZE:
        message = "the segments cannot be fetched"
        raise RuntimeError(message)
    with on_one_core(site.pids()["edge"]):
        one = [press(public), press(private, person.headers)]
        two = [press(public), press(private, person.headers)]
    open_rate = max(one[0].per_second, two[0].per_second)
    gated_rate = max(one[1].per_second, two[1].per_second)
    bad = sum(load.bad for load in (*one, *two))
    note = f"300 kB from the edge's cache, {bad} bad answers"
    return [
        Figure(8, "public segments a second", open_rate, "/s", note=note),
        Figure(8, "private segments a second", gated_rate, "/s", note=note),
        at_least(8, "private / public", gated_rate / open_rate, "", 0.8),
    ]


def stored_segment(site: House, broadcast: Broadcast) -> str:
    """Give a livestream one large segment that is in object storage alone; return its address."""
    data = bytes(range(256)) * (SIZE // 256 + 1)
    data = data[:SIZE]
    with database(site) as session:
        show = Show(session, utc_now(), "source")
        show.broadcast.node = "bench"
        show.broadcast.lease_until = utc_now() + timedelta(days=1)  # no node of the site takes it
        show.begin_run(0)
        show.add(size=SIZE)
        row = session.scalars(select(Segment).where(Segment.broadcast_id == show.id)).one()
        row.sha256, row.uploaded_at = hashlib.sha256(data).hexdigest(), utc_now()
        go_live(session, broadcast, show)
        key = row.object_key
    storage = S3Storage.from_settings(load_settings({"MINDCAST_HOME": str(site.home)}))
    storage.put_bytes(key, data, content_type=CONTENT_TYPES["m4s"])
    storage.close()
    return site.url + url_of_key(key)
