"""Archives that are not what was written."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Refusal
from tests.fakes.homes import Place
from web.archive import errors, reading
from web.archive.errors import Damaged, FileUnusable, NotOurs, TooNew

pytestmark = pytest.mark.integration


def rewritten(archive: Path, change: Callable[[tarfile.TarInfo, bytes], bytes]) -> Path:
    """Write ``archive`` again with members changed; checksums are left as they are."""
    target = archive.with_name("changed.tar")
    with tarfile.open(archive) as source, tarfile.open(target, "w") as made:
        for info in source.getmembers():
            body = source.extractfile(info)
            assert body is not None
            data = change(info, body.read())
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return target


def assert_untouched(place: Place) -> None:
    assert not place.home.exists()
    assert place.bucket.objects == {}


def test_damage_anywhere_is_refused_and_changes_nothing(new: Place, archive: Path) -> None:
    whole = archive.read_bytes()
    with tarfile.open(archive) as tar:
        members = [(one.offset, one.offset_data, one.size) for one in tar.getmembers()]
    places = {begin + 5 for begin, _, _ in members}
    places |= {data + size // 2 for _, data, size in members if size}
    for place in sorted(places):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises((Damaged, NotOurs)):
            new.load(archive)
    archive.write_bytes(whole)
    new.load(archive)


@pytest.mark.parametrize("part", [0.001, 0.5, 0.98])
def test_end_that_is_missing_is_noticed(new: Place, archive: Path, part: float) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises((Damaged, NotOurs)):
        new.load(archive)
    assert_untouched(new)


def test_table_that_is_missing_is_noticed(
    new: Place, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename(info: tarfile.TarInfo, data: bytes) -> bytes:
        info.name = info.name.replace("accounts_user.", "accounts_person.")
        return data

    monkeypatch.setattr(reading, "_digest", lambda _: "")
    with pytest.raises(Damaged, match="a table is missing"):
        new.load(rewritten(archive, rename))
    assert_untouched(new)


def test_other_file_is_told_from_a_damaged_one(new: Place, tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear reader")
    with pytest.raises(NotOurs):
        new.load(other)
    with pytest.raises(FileUnusable, match="No such file"):
        new.load(tmp_path / "nothing.tar")
    with pytest.raises(FileUnusable, match="Is a directory"):
        new.load(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "objects/../../../climbed",
        "/climbed",
        "spool/../climbed",
        "spool/0123456789abcdef/../../climbed",
        "spool/climbed",
        "objects//climbed",
        "tables/../x.jsonl.gz",
        "climbed",
    ],
)
def test_name_that_climbs_is_refused(new: Place, archive: Path, name: str) -> None:
    def rename(info: tarfile.TarInfo, data: bytes) -> bytes:
        info.name = name if info.name.startswith("spool/") else info.name
        return data

    with pytest.raises(Damaged, match="the name"):
        new.load(rewritten(archive, rename))
    assert_untouched(new)


def test_link_is_refused(new: Place, archive: Path) -> None:
    def link(info: tarfile.TarInfo, data: bytes) -> bytes:
        if not info.name.startswith("objects/"):
            return data
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        return b""

    with pytest.raises(Damaged, match="the name"):
        new.load(rewritten(archive, link))
    assert_untouched(new)


@pytest.mark.parametrize(("field", "value"), [("format", 2), ("revision", "from_the_future")])
def test_archive_of_a_later_release_is_refused(
    new: Place, archive: Path, field: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(info: tarfile.TarInfo, data: bytes) -> bytes:
        if info.name != "mindcast.json":
            return data
        return json.dumps({**json.loads(data), field: value}).encode()

    monkeypatch.setattr(reading, "_check_end", lambda *_: None)  # its checksum is right
    with pytest.raises(TooNew):
        new.load(rewritten(archive, change))
    assert_untouched(new)


def test_every_refusal_is_one_sentence() -> None:
    found = [one for one in vars(errors).values() if isinstance(one, type)]
    messages = [one.message for one in found if issubclass(one, Refusal)]
    assert [message for message in messages if "\n" in message or len(message) > 150] == []
