import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from media.models import Broadcast
from media.paths import master_url, playlist_url, read_key, url_of_key
from streams.playback.access import COOKIE
from streams.playback.services import revoke_grants
from tests.streams.playback.conftest import World, shown
from web.site import Site

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("present", "storage")]

Spooled = Callable[[str], dict[str, bytes]]
Browser = Callable[[User | None], FlaskClient]


FOREIGN = (
    "source/0-9.m4s",
    "source/00-1.m4s",
    "source/1-0.m4s",
    "source/9-init.mp4",
    "other/index.m3u8",
    "assets/other.jpg",
    "assets/",
    "",
    "../{other}/source/0-0.m4s",
    "..%2f{other}/source/0-0.m4s",
    "%2e%2e/{other}/source/0-0.m4s",
    "source/..%2f..%2f{other}/source/0-0.m4s",
    "..\\{other}\\source\\0-0.m4s",
    "assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "source/0-0.m4s%00.jpg",
    "source/0-0.m4s/",
    "SOURCE/0-0.m4s",
)


def addresses(broadcast_id: str, objects: dict[str, bytes]) -> list[str]:
    playlists = [playlist_url(broadcast_id, name) for name in ("source", "sound")]
    return [master_url(broadcast_id), *playlists, *(url_of_key(key) for key in objects)]


def hold_grant(client: FlaskClient, world: World, livestream: Livestream) -> str:
    token = world.grant(livestream, device="laptop")
    client.set_cookie(COOKIE, token, path=f"/media/{livestream.broadcast_id}/")
    return token


def test_private_media_to_outsiders_who_know_every_address(
    client: FlaskClient, browser: Browser, world: World, private: Livestream, spooled: Spooled
) -> None:
    known = addresses(private.broadcast_id, spooled(private.broadcast_id))
    assert len(known) == 13
    outsiders: list[tuple[FlaskClient, dict[str, str]]] = [(client, {})]
    outsiders += [(browser(world.users[name]), {}) for name in ("employee", "other employee")]
    outsiders += [
        (client, {"Authorization": f"Bearer {world.token(name)}"})
        for name in ("other employee", "other hr", "viewer", "other host")
    ]
    outsiders += [(client, {"Authorization": "Bearer wrong"})]
    answers = {
        shown(outsider.open(address, method=method, headers=headers))
        for outsider, headers in outsiders
        for address in known
        for method in ("GET", "HEAD")
    }
    assert answers == {(404, b"", "no-store")}


def test_private_media_to_a_member_with_a_grant(
    client: FlaskClient, world: World, private: Livestream, spooled: Spooled
) -> None:
    objects = spooled(private.broadcast_id)
    hold_grant(client, world, private)
    found = {key: shown(client.get(url_of_key(key))) for key in objects}
    assert found == {key: (200, data, "private, no-cache") for key, data in objects.items()}
    master = client.get(master_url(private.broadcast_id))
    assert (master.status_code, master.headers["Cache-Control"]) == (200, "private, no-cache")


def test_private_media_to_a_program_with_a_token(
    client: FlaskClient, world: World, private: Livestream, spooled: Spooled
) -> None:
    known = addresses(private.broadcast_id, spooled(private.broadcast_id))
    headers = {"Authorization": f"Bearer {world.token('representative')}"}
    assert {client.get(address, headers=headers).status_code for address in known} == {200}


def test_private_media_after_the_grant_was_revoked(
    client: FlaskClient, session: Session, world: World, private: Livestream, spooled: Spooled
) -> None:
    known = addresses(private.broadcast_id, spooled(private.broadcast_id))
    hold_grant(client, world, private)
    assert {client.get(address).status_code for address in known} == {200}
    revoke_grants(session, user_id=world.users["employee"].id)
    assert {shown(client.get(address)) for address in known} == {(404, b"", "no-store")}


def test_gate_of_open_private_and_unknown_broadcasts(
    app: Site, world: World, private: Livestream, public: Livestream
) -> None:
    def ask(broadcast_id: str, cookie: str = "") -> tuple[int, bytes, dict[str, str | None]]:
        asked = app.test_client()  # an edge hands on the cookie that came with the media request
        asked.set_cookie(COOKIE, cookie, path="/internal/")
        answer = asked.get(f"/internal/gate/{broadcast_id}")
        names = ("Cache-Control", "X-Accel-Expires", "X-Media-Visibility", "Vary", "Set-Cookie")
        return answer.status_code, answer.data, {n: answer.headers.get(n) for n in names}

    def lives(seconds: int, visibility: str) -> dict[str, str | None]:
        age = {"Cache-Control": f"max-age={seconds}", "X-Accel-Expires": str(seconds)}
        return {**age, "X-Media-Visibility": visibility, "Vary": None, "Set-Cookie": None}

    token = hold_grant(app.test_client(), world, private)
    shut = (403, b"", lives(1, "private"))
    assert ask(public.broadcast_id) == (204, b"", lives(4, "public"))
    assert ask(private.broadcast_id, token) == (204, b"", lives(4, "private"))
    assert ask(private.broadcast_id) == shut
    assert ask("0" * 16) == shut


@pytest.mark.parametrize("recorded", [True, False])
def test_gate_says_what_an_edge_may_keep(
    client: FlaskClient, session: Session, public: Livestream, spooled: Spooled, *, recorded: bool
) -> None:
    key = next(key for key in spooled(public.broadcast_id) if "source/0-2" in key)
    session.execute(update(Broadcast).values(revision=7))
    session.execute(update(Livestream).values(recorded=recorded))
    answer = client.get(f"/internal/gate/{public.broadcast_id}")
    said = [answer.headers[f"X-Media-{name}"] for name in ("Revision", "Keep", "Visibility")]
    assert said == ["7", "long" if recorded else "brief", "public"]
    caching = client.get(url_of_key(key)).headers["Cache-Control"]
    assert caching == ("public, max-age=31536000, immutable" if recorded else "private, no-store")


def test_gate_takes_no_login_session_for_a_credential(
    browser: Browser, world: World, private: Livestream
) -> None:
    signed_in = browser(world.users["administrator"])
    assert signed_in.get(f"/internal/gate/{private.broadcast_id}").status_code == 403


def test_media_carry_no_cookie_of_a_permanent_login_session(
    browser: Browser, world: World, public: Livestream, spooled: Spooled
) -> None:
    signed_in = browser(world.users["viewer"])
    with signed_in.session_transaction() as login:
        login.permanent = True
    assert "Set-Cookie" in signed_in.get("/robots.txt").headers  # else this would show nothing
    for address in addresses(public.broadcast_id, spooled(public.broadcast_id)):
        answer = signed_in.get(address)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_public_objects_are_kept_for_ever(
    client: FlaskClient, public: Livestream, spooled: Spooled
) -> None:
    objects = spooled(public.broadcast_id)
    found = {
        (read_key(key).kind.value, answer.headers["Content-Type"])
        for key in objects
        for answer in [client.get(url_of_key(key))]
        if shown(answer) == (200, objects[key], "public, max-age=31536000, immutable")
        and answer.headers["Content-Length"] == str(len(objects[key]))
    }
    assert found == {
        ("segment", "video/iso.segment"),
        ("init", "video/mp4"),
        ("asset", "image/jpeg"),
        ("asset", "audio/mp4"),
    }


def test_media_that_only_the_crew_may_see_are_kept_by_no_cache(
    client: FlaskClient, session: Session, world: World, public: Livestream, spooled: Spooled
) -> None:
    key = next(iter(spooled(public.broadcast_id)))
    public.state = L.ENDED
    session.flush()
    headers = {"Authorization": f"Bearer {world.token('host')}"}
    assert client.get(url_of_key(key)).status_code == 404
    assert (
        client.get(url_of_key(key), headers=headers).headers["Cache-Control"].startswith("private")
    )


def test_segments_of_the_rehearsal_are_nobodys(
    client: FlaskClient, session: Session, world: World, public: Livestream, spooled: Spooled
) -> None:
    objects = [key for key in spooled(public.broadcast_id) if "source/0-" in key]
    opened = update(Broadcast).where(Broadcast.id == public.broadcast_id)
    session.execute(opened.values(opened_at=world.now + timedelta(seconds=1)))
    headers = {"Authorization": f"Bearer {world.token('administrator')}"}
    for asked in ({}, headers):
        found = {
            key.rpartition("/")[2]: client.get(url_of_key(key), headers=asked) for key in objects
        }
        assert {name: answer.status_code for name, answer in found.items()} == {
            "0-0.m4s": 404,
            "0-1.m4s": 200,
            "0-2.m4s": 200,
            "0-init.mp4": 200,
        }
    session.execute(opened.values(opened_at=None))
    assert client.get(url_of_key(objects[0])).status_code == 404


def test_segments_that_were_cut_off_are_nobodys(
    client: FlaskClient, session: Session, world: World, public: Livestream, spooled: Spooled
) -> None:
    objects = [key for key in spooled(public.broadcast_id) if "/0-" in key and "init" not in key]
    cut = update(Broadcast).where(Broadcast.id == public.broadcast_id)
    session.execute(
        cut.values(
            shown_from=world.now + timedelta(seconds=1.1),
            shown_until=world.now + timedelta(seconds=1.9),
        )
    )
    for who in ("administrator", "host", None):
        headers = {"Authorization": f"Bearer {world.token(who)}"} if who else {}
        found = {key: client.get(url_of_key(key), headers=headers).status_code for key in objects}
        assert {key for key, status in found.items() if status == 200} == {
            key for key in objects if "/0-1." in key
        }
        assert set(found.values()) == {200, 404}
    session.execute(cut.values(shown_from=None, shown_until=None))
    assert {client.get(url_of_key(key)).status_code for key in objects} == {200}


def test_media_under_addresses_that_are_none_of_ours(
    client: FlaskClient, public: Livestream, private: Livestream, spooled: Spooled
) -> None:
    spooled(public.broadcast_id)
    spooled(private.broadcast_id)
    found = {
        rest: shown(
            client.get(f"/media/{public.broadcast_id}/{rest.format(other=private.broadcast_id)}")
        )
        for rest in FOREIGN
    }
    assert found == dict.fromkeys(FOREIGN, (404, b"", "no-store"))


def test_playlist_compressed_plain_and_unchanged(client: FlaskClient, public: Livestream) -> None:
    address = playlist_url(public.broadcast_id, "source")
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    head = client.head(address)
    known = client.get(address, headers={"If-None-Match": plain.headers["ETag"]})
    assert plain.data.startswith(b"#EXTM3U")
    assert (gzip.decompress(packed.data), refused.data, head.data) == (plain.data, plain.data, b"")
    assert [one.headers.get("Content-Encoding") for one in (plain, packed, refused)] == [
        None,
        "gzip",
        None,
    ]
    assert head.headers["Content-Length"] == str(len(plain.data))
    assert (known.status_code, known.data) == (304, b"")
    assert plain.headers["ETag"].startswith('W/"')
    same = ("ETag", "Cache-Control", "Vary", "Content-Type")
    for one in (packed, refused, head, known):
        assert [one.headers[name] for name in same[:3]] == [
            plain.headers[name] for name in same[:3]
        ]
    assert [plain.headers[name] for name in same[1:]] == [
        "public, max-age=1",
        "Accept-Encoding",
        "application/vnd.apple.mpegurl",
    ]


def test_playlist_of_an_ended_broadcast(
    client: FlaskClient, session: Session, public: Livestream
) -> None:
    session.execute(
        update(Broadcast).where(Broadcast.id == public.broadcast_id).values(state="ended")
    )
    for address in (master_url(public.broadcast_id), playlist_url(public.broadcast_id, "sound")):
        assert client.get(address).headers["Cache-Control"] == "public, max-age=4"
    assert b"#EXT-X-ENDLIST" in client.get(playlist_url(public.broadcast_id, "sound")).data


def test_playlist_before_anything_is_shown(
    client: FlaskClient, session: Session, public: Livestream
) -> None:
    session.execute(
        update(Broadcast).where(Broadcast.id == public.broadcast_id).values(opened_at=None)
    )
    assert shown(client.get(master_url(public.broadcast_id))) == (404, b"", "no-store")
