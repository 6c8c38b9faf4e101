from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from media import paths
from media.errors import NoSuchMedia
from media.paths import MediaKind, MediaPath

pytestmark = pytest.mark.unit

BROADCAST = "0123456789abcdef"


def test_every_address_has_one_spelling() -> None:
    assert paths.master_url(BROADCAST) == f"/media/{BROADCAST}/master.m3u8"
    assert paths.playlist_url(BROADCAST, "source") == f"/media/{BROADCAST}/source/index.m3u8"
    assert paths.init_key(BROADCAST, "source", 2) == f"broadcasts/{BROADCAST}/source/2-init.mp4"
    assert paths.segment_key(BROADCAST, "sound", 2, 71) == f"broadcasts/{BROADCAST}/sound/2-71.m4s"
    assert paths.asset_key(BROADCAST, "poster.jpg") == f"broadcasts/{BROADCAST}/assets/poster.jpg"


def test_key_is_taken_apart() -> None:
    assert paths.read_key(paths.segment_key(BROADCAST, "sound", 2, 71)) == MediaPath(
        BROADCAST, MediaKind.SEGMENT, "sound", 2, 71
    )
    assert paths.read_key(paths.init_key(BROADCAST, "sound", 2)) == MediaPath(
        BROADCAST, MediaKind.INIT, "sound", 2
    )
    assert paths.read_key(paths.playlist_key(BROADCAST, "sound")) == MediaPath(
        BROADCAST, MediaKind.PLAYLIST, "sound"
    )
    assert paths.read_key(paths.master_key(BROADCAST)) == MediaPath(BROADCAST, MediaKind.MASTER)
    assert paths.read_key(paths.asset_key(BROADCAST, "sound.m4a")) == MediaPath(
        BROADCAST, MediaKind.ASSET, asset="sound.m4a"
    )


@given(
    run=st.integers(0, 999_999_999),
    sequence=st.integers(0, 999_999_999),
    rendition=st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True).filter(
        lambda name: name != "assets"
    ),
)
def test_segment_address_comes_back_as_its_key(run: int, sequence: int, rendition: str) -> None:
    key = paths.segment_key(new_id(), rendition, run, sequence)
    assert paths.key_of_url(paths.url_of_key(key)) == key
    assert paths.read_key(key).sequence == sequence


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/media/",
        f"/media/{BROADCAST}",
        f"/media/{BROADCAST}/",
        f"/media/{BROADCAST}//master.m3u8",
        f"/media/../{BROADCAST}/master.m3u8",
        f"/media/{BROADCAST}/../master.m3u8",
        f"/media/{BROADCAST}/assets/../../x.jpg",
        f"/media/{BROADCAST}/assets/..jpg",
        f"/media/{BROADCAST}/assets/.jpg",
        f"/media/{BROADCAST}/assets/index.m3u8/x.jpg",
        f"/media/{BROADCAST}/source/../../../etc/passwd",
        f"/media/{BROADCAST}/source/0-1.m4s\n",
        f"/media/{BROADCAST}/source/0-1.m4s\x00",
        f"/media/{BROADCAST}/source/00-1.m4s",
        f"/media/{BROADCAST}/source/0-01.m4s",
        f"/media/{BROADCAST}/source/0-\u0661.m4s",
        f"/media/{BROADCAST}/source/0--1.m4s",
        f"/media/{BROADCAST}/source/%2e%2e/0-1.m4s",
        f"/media/{BROADCAST}/source\\0-1.m4s",
        f"/media/{BROADCAST}/SOURCE/index.m3u8",
        f"/media/{BROADCAST}/{'a' * 21}/index.m3u8",
        f"/media/{BROADCAST}x/master.m3u8",
        f"/media/{BROADCAST.upper()}/master.m3u8",
        f"/other/{BROADCAST}/master.m3u8",
        f"broadcasts/{BROADCAST}/master.m3u8",
        f"/media/{BROADCAST}/assets/{'a' * 200}.jpg",
    ],
)
def test_address_outside_the_grammar_is_refused(path: str) -> None:
    with pytest.raises(NoSuchMedia):
        paths.key_of_url(path)


@pytest.mark.parametrize("rendition", ["assets", "", "a/b", "..", "Source", "a" * 21])
def test_rendition_that_would_leave_its_place_is_refused(rendition: str) -> None:
    with pytest.raises(ValueError, match="not a media key"):
        paths.playlist_key(BROADCAST, rendition)


def test_spool_file_lies_below_the_spool() -> None:
    key = paths.segment_key(BROADCAST, "source", 0, 1)
    assert paths.spool_path(Path("/spool"), key) == Path(f"/spool/{BROADCAST}/source/0-1.m4s")
    with pytest.raises(NoSuchMedia):
        paths.spool_path(Path("/spool"), f"broadcasts/{BROADCAST}/../x")


def test_prefix_of_something_else_is_refused() -> None:
    assert paths.broadcast_prefix(BROADCAST) == f"broadcasts/{BROADCAST}/"
    with pytest.raises(ValueError, match="not a media key"):
        paths.broadcast_prefix("")


def test_content_type_follows_the_suffix() -> None:
    assert paths.content_type("x/0-1.m4s") == "video/iso.segment"
    assert paths.content_type("x/unknown.bin") == "application/octet-stream"
