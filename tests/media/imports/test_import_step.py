from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.database import Sessions
from core.settings import Settings
from media import hls, playlists
from media.enums import BroadcastState, UploadState
from media.ffmpeg import uploads as ffmpeg_uploads
from media.imports import errors, remuxing
from media.imports.errors import RunTaken, UploadRefused
from media.imports.step import import_upload
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment, Upload
from media.mp4 import MAX_BOX, Fragment, Init
from tests.fakes import uploads
from tests.fakes.packaging import packets_of, probe, stream_of
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage

pytestmark = pytest.mark.integration

Send = Callable[[bytes], Upload]


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def send(sessions: Sessions, storage: MemoryStorage, now: datetime) -> Send:
    def sent(data: bytes) -> Upload:
        with sessions.begin() as session:
            upload = uploads.add_upload(session, storage, data, now=now)
            session.expunge_all()
        return upload

    return sent


@pytest.fixture
def bring_in(
    sessions: Sessions, storage: MemoryStorage, settings: Settings
) -> Callable[[Upload], None]:
    def brought(upload: Upload) -> None:
        def ended(session: Session, now: datetime) -> None:
            session.execute(
                update(Broadcast)
                .where(Broadcast.id == upload.broadcast_id)
                .values(state=BroadcastState.ENDED, ended_at=now)
            )

        context = uploads.step_context(sessions, storage, settings, upload.broadcast_id)
        import_upload(context, upload_id=upload.id, settle=ended)

    return brought


def outcome(sessions: Sessions, upload: Upload) -> tuple[str, str]:
    with sessions() as session:
        found = session.get_one(Upload, upload.id)
        return found.state, found.reason


def rows(sessions: Sessions, upload: Upload) -> dict[str, list[int]]:
    """Return the lengths in milliseconds of the segments of each rendition."""
    query = (
        select(Rendition.name, Segment.duration_us)
        .join(Segment, Segment.rendition_id == Rendition.id)
        .where(Rendition.broadcast_id == upload.broadcast_id)
        .order_by(Rendition.position, Segment.sequence)
    )
    found: dict[str, list[int]] = {}
    with sessions() as session:
        for name, duration_us in session.execute(query):
            found.setdefault(name, []).append(round(duration_us / 1000))
    return found


def played(sessions: Sessions, storage: MemoryStorage, upload: Upload, name: str) -> bytes:
    """Return what a player of one rendition reads: its init segment and every segment."""
    with sessions() as session:
        rendition = session.scalars(
            select(Rendition).where(
                Rendition.broadcast_id == upload.broadcast_id, Rendition.name == name
            )
        ).one()
        init = select(InitSegment.object_key).where(InitSegment.rendition_id == rendition.id)
        segments = select(Segment.object_key).where(Segment.rendition_id == rendition.id)
        keys = [*session.scalars(init), *session.scalars(segments.order_by(Segment.sequence))]
    return b"".join(storage.read_bytes(key) for key in keys)


def copied(data: bytes, source: bytes) -> bool:
    """Tell whether a piece of the picture of ``source`` is found in ``data`` unchanged."""
    middle = len(source) // 2
    return source[middle : middle + 64] in data


def test_talk_that_can_be_copied_plays_as_it_came(
    sessions: Sessions,
    storage: MemoryStorage,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
) -> None:
    source = uploads.write_talk(tmp_path / "talk.mp4", seconds=10)
    upload = send(source.read_bytes())
    bring_in(upload)
    assert outcome(sessions, upload) == (UploadState.DONE, "")
    lengths = rows(sessions, upload)
    assert lengths["source"] == [4000, 4000, 2000]
    assert sum(lengths["sound"]) == pytest.approx(10_000, abs=60)
    made = tmp_path / "made.mp4"
    made.write_bytes(played(sessions, storage, upload, "source"))
    before, after = probe(source), probe(made)
    assert stream_of(after, "video") == stream_of(before, "video")
    assert len(packets_of(after, "video")) == len(packets_of(before, "video")) == 100
    assert copied(made.read_bytes(), source.read_bytes())


def test_playlists_of_an_imported_talk_keep_the_rules(
    sessions: Sessions, send: Send, bring_in: Callable[[Upload], None], tmp_path: Path
) -> None:
    upload = send(uploads.write_talk(tmp_path / "talk.mp4", seconds=17, gop=70).read_bytes())
    bring_in(upload)
    with sessions() as session:
        master = playlists.master_playlist(session, broadcast_id=upload.broadcast_id).text
        media = {
            name: playlists.media_playlist(
                session, broadcast_id=upload.broadcast_id, rendition=name
            ).text
            for name in ("source", "sound")
        }
    assert hls.check_master(master) == []
    assert {name: hls.check_playlist(text) for name, text in media.items()} == {
        "source": [],
        "sound": [],
    }
    assert "#EXT-X-TARGETDURATION:7\n" in media["source"]
    assert hls.parse_media_playlist(media["source"]).rows()[0].duration_us == 7_000_000


BOTH = (*uploads.PICTURE, *uploads.SOUND)
EVERY_TWO_SECONDS = (*uploads.H264, "-g", "20")
OPEN_GOPS = ("-x264-params", "open-gop=1:bframes=2:scenecut=0")


@pytest.mark.parametrize(
    ("name", "options", "kept"),
    [
        ("talk.mkv", (*BOTH, *EVERY_TWO_SECONDS, *uploads.AAC), True),
        ("talk.ts", (*BOTH, *EVERY_TWO_SECONDS, *uploads.AAC), True),
        ("talk.webm", (*BOTH, "-c:v", "libvpx", "-c:a", "libopus"), False),
        ("long.mp4", (*uploads.PICTURE, *uploads.H264, "-g", "999"), False),
        ("open.mp4", (*uploads.PICTURE, *EVERY_TWO_SECONDS, *OPEN_GOPS), False),
        ("other.mp4", (*uploads.PICTURE, "-c:v", "libx264", "-pix_fmt", "yuv422p"), False),
        ("turned.mp4", ("-display_rotation", "90", "-i", "{talk}", "-c", "copy"), False),
        ("sound.mp4", (*uploads.SOUND, *uploads.AAC), False),
        ("mute.mp4", (*uploads.PICTURE, *EVERY_TWO_SECONDS), True),
    ],
)
def test_file_of_each_kind_becomes_a_recording_with_picture_and_sound(
    sessions: Sessions,
    storage: MemoryStorage,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
    name: str,
    options: tuple[str, ...],
    kept: bool,  # noqa: FBT001 -- a parameter of the table above
) -> None:
    talk = uploads.write_talk(tmp_path / "first.mp4") if "{talk}" in options else tmp_path
    filled = [option.format(talk=talk) if option == "{talk}" else option for option in options]
    seconds = 12 if name == "long.mp4" else 6
    source = uploads.write_file(tmp_path / name, *filled, seconds=seconds)
    upload = send(source.read_bytes())
    bring_in(upload)
    made = tmp_path / "made.mp4"
    made.write_bytes(played(sessions, storage, upload, "source"))
    found = probe(made)
    with sessions() as session:
        mode = session.scalars(
            select(Run.mode).where(Run.broadcast_id == upload.broadcast_id)
        ).one()
    picture, sound = stream_of(found, "video"), stream_of(found, "audio")
    assert (picture["codec_name"], sound["codec_name"], mode) == (
        "h264",
        "aac",
        "copy" if kept else "encode",
    )
    assert sum(rows(sessions, upload)["source"]) == pytest.approx(seconds * 1000, abs=300)
    assert all(length <= 4450 for length in rows(sessions, upload)["source"])
    if name == "turned.mp4":
        assert (picture["width"], picture["height"]) == (180, 320)


def test_copy_never_holds_more_of_a_picture_without_keyframes_than_can_be_used(
    sessions: Sessions,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def check(init: Init | None, fragment: Fragment) -> None:
        seen.append(len(fragment.data))
        check_copy(init, fragment)

    check_copy = remuxing._check_copy  # noqa: SLF001 -- what ffmpeg hands over at once
    monkeypatch.setattr(remuxing, "_check_copy", check)
    monkeypatch.setitem(ffmpeg_uploads.MUXED, "frag_size", "20000")
    noise = ("-f", "lavfi", "-i", "nullsrc=s=320x180:r=10,geq=random(1)*255:128:128")
    source = uploads.write_file(tmp_path / "long.mp4", *noise, *uploads.H264, "-g", "999")
    upload = send(source.read_bytes())
    bring_in(upload)
    assert (outcome(sessions, upload)[0], max(seen) < 100_000) == (UploadState.DONE, True)


def test_fragments_of_a_copy_are_bounded() -> None:
    longest = 12_000_000 * 11 // 8  # bytes of what may be copied
    assert longest < int(ffmpeg_uploads.MUXED["frag_size"]) < MAX_BOX


def hostile(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Return what somebody might send, and the reason they are given."""
    secret = folder / "secret.mp4"
    uploads.write_talk(secret, seconds=2)
    talk = secret.read_bytes()
    still = uploads.write_file(
        folder / "still.jpg", *uploads.PICTURE, "-frames:v", "1", "-f", "mjpeg"
    )
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://{secret}\n#EXT-X-ENDLIST\n"
    return {
        "a playlist that names a file": (playlist.encode(), errors.NOT_MEDIA),
        "a playlist that names an address": (
            b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/a.ts\n",
            errors.NOT_MEDIA,
        ),
        "a concat script": (f"ffconcat version 1.0\nfile '{secret}'\n".encode(), errors.NOT_MEDIA),
        "a picture": (still.read_bytes(), errors.NOT_MEDIA),
        "an archive": (b"PK\x03\x04" + bytes(4000), errors.NOT_MEDIA),
        "words": (b"Dear all, this is the talk." * 40, errors.NOT_MEDIA),
        "nothing of its kind": (b"\0\0\0\x18ftypisom" + bytes(9000), errors.UNREADABLE),
        "the first half of a file whose index is at its end": (
            talk[: len(talk) // 2],
            errors.UNREADABLE,
        ),
        "a playlist that calls itself a film": (
            b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + playlist.encode(),
            errors.UNREADABLE,
        ),
    }


@pytest.mark.parametrize(
    "kind",
    [
        "a playlist that names a file",
        "a playlist that names an address",
        "a concat script",
        "a picture",
        "an archive",
        "words",
        "nothing of its kind",
        "the first half of a file whose index is at its end",
        "a playlist that calls itself a film",
    ],
)
def test_hostile_file_is_refused_with_a_reason_and_leaves_nothing(
    sessions: Sessions,
    storage: MemoryStorage,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
    kind: str,
) -> None:
    data, reason = hostile(tmp_path)[kind]
    upload = send(data)
    with pytest.raises(UploadRefused, match=reason[:20]):
        bring_in(upload)
    assert outcome(sessions, upload) == (UploadState.FAILED, reason)
    assert rows(sessions, upload) == {}
    assert not [key for key in storage.objects if key.startswith("broadcasts/")]
    with sessions() as session:
        assert session.get_one(Broadcast, upload.broadcast_id).state == BroadcastState.IDLE


def test_file_whose_end_is_missing_is_refused(
    sessions: Sessions,
    storage: MemoryStorage,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
) -> None:
    talk = tmp_path / "talk.mp4"
    uploads.write_file(
        talk, *uploads.PICTURE, *uploads.H264, "-g", "20", "-movflags", "+faststart", seconds=20
    )
    data = talk.read_bytes()
    upload = send(data[: len(data) // 2])
    with pytest.raises(UploadRefused):
        bring_in(upload)
    assert outcome(sessions, upload) == (UploadState.FAILED, errors.CUT_OFF)
    assert not [key for key in storage.objects if key.startswith("broadcasts/")]


@pytest.mark.parametrize(
    ("options", "seconds", "reason"),
    [
        (("-f", "lavfi", "-i", "color=s=64x64:r=500", *uploads.H264), 2, errors.TOO_FAST),
        (("-f", "lavfi", "-i", "color=s=4200x64:r=5", *uploads.H264), 2, errors.TOO_LARGE),
        (("-f", "lavfi", "-i", "color=s=64x64:r=10", *uploads.H264), 0.5, errors.TOO_SHORT),
        (("-f", "lavfi", "-i", "color=s=16x16:r=0.01", *uploads.H264), 29_000, errors.TOO_LONG),
        (("-f", "lavfi", "-i", "color=s=64x64:r=10", "-c:v", "mjpeg"), 2, errors.OTHER_CODEC),
    ],
)
def test_file_beyond_the_bounds_is_refused(
    sessions: Sessions,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
    options: tuple[str, ...],
    seconds: float,
    reason: str,
) -> None:
    file = uploads.write_file(tmp_path / "bomb.mp4", *options, seconds=seconds)
    upload = send(file.read_bytes())
    with pytest.raises(UploadRefused):
        bring_in(upload)
    assert outcome(sessions, upload) == (UploadState.FAILED, reason)


def test_part_that_changed_in_storage_is_refused(
    sessions: Sessions,
    storage: MemoryStorage,
    send: Send,
    bring_in: Callable[[Upload], None],
) -> None:
    upload = send(bytes(10_000))
    key = f"uploads/{upload.id}/1"
    storage.objects[key] = (bytes(4095) + b"1", "")
    with pytest.raises(UploadRefused):
        bring_in(upload)
    assert outcome(sessions, upload) == (UploadState.FAILED, errors.PARTS_GONE)


@pytest.mark.parametrize("state", [UploadState.OPEN, UploadState.IMPORTING, UploadState.DONE])
def test_file_that_failed_is_not_tried_again_beside_a_later_one(
    sessions: Sessions,
    storage: MemoryStorage,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
    now: datetime,
    state: UploadState,
) -> None:
    upload = send(uploads.write_talk(tmp_path / "talk.mp4").read_bytes())
    with sessions.begin() as session:
        session.get_one(Upload, upload.id).state = UploadState.FAILED
        uploads.add_upload(
            session, storage, b"later", now=now, broadcast_id=upload.broadcast_id, state=state
        )
    with pytest.raises(UploadRefused, match=errors.REPLACED):
        bring_in(upload)
    assert outcome(sessions, upload)[0] == UploadState.FAILED
    assert not [key for key in storage.objects if key.startswith("broadcasts/")]


def test_import_that_was_killed_begins_again_and_is_done_once(
    sessions: Sessions,
    storage: MemoryStorage,
    settings: Settings,
    send: Send,
    bring_in: Callable[[Upload], None],
    tmp_path: Path,
) -> None:
    upload = send(uploads.write_talk(tmp_path / "talk.mp4", seconds=10).read_bytes())

    def killed(_session: Session, _now: datetime) -> None:
        raise KeyboardInterrupt  # like a kill: nothing after it runs

    context = uploads.step_context(sessions, storage, settings, upload.broadcast_id)
    with pytest.raises(KeyboardInterrupt):
        import_upload(context, upload_id=upload.id, settle=killed)
    assert (outcome(sessions, upload)[0], rows(sessions, upload)) == (UploadState.IMPORTING, {})
    bring_in(upload)
    once = rows(sessions, upload)
    bring_in(upload)  # a step may run twice
    assert (outcome(sessions, upload)[0], rows(sessions, upload)) == (UploadState.DONE, once)


def test_rehearsal_gives_way_to_the_uploaded_talk(
    sessions: Sessions,
    storage: MemoryStorage,
    bring_in: Callable[[Upload], None],
    now: datetime,
    tmp_path: Path,
) -> None:
    with sessions.begin() as session:
        show = Show(session, now, "source", "sound")
        show.begin_run(0)
        show.add()
        show.broadcast.state = BroadcastState.IDLE
        show.broadcast.opened_at = None
        broadcast_id = show.id
        rehearsed = session.scalars(select(Segment.object_key)).all()
        data = uploads.write_talk(tmp_path / "talk.mp4").read_bytes()
        upload = uploads.add_upload(session, storage, data, now=now, broadcast_id=broadcast_id)
        session.flush()
        session.expunge(upload)
    for key in rehearsed:
        storage.put_bytes(key, b"rehearsal", content_type="")
    bring_in(upload)
    with sessions() as session:
        kinds = session.scalars(
            select(Ingest.kind).where(Ingest.broadcast_id == broadcast_id)
        ).all()
    assert (kinds, rows(sessions, upload)["source"]) == (["upload"], [4000, 2000])
    assert not set(rehearsed) & set(storage.objects)


def test_encoder_that_came_in_between_is_not_written_over(
    sessions: Sessions,
    storage: MemoryStorage,
    settings: Settings,
    send: Send,
    now: datetime,
    tmp_path: Path,
) -> None:
    upload = send(uploads.write_talk(tmp_path / "talk.mp4").read_bytes())

    def rehearsed(session: Session, _now: datetime) -> None:
        ingest = Ingest(
            id="rehearsal",
            broadcast_id=upload.broadcast_id,
            number=0,
            kind="rtmp",
            epoch=1,
            started_at=now,
        )
        session.add(ingest)
        session.flush()
        session.add(
            Run(
                broadcast_id=upload.broadcast_id,
                ingest_id=ingest.id,
                number=0,
                mode="copy",
                program_at=now,
            )
        )
        session.flush()

    context = uploads.step_context(sessions, storage, settings, upload.broadcast_id)
    with pytest.raises(RunTaken):
        import_upload(context, upload_id=upload.id, settle=rehearsed)
    assert rows(sessions, upload) == {}
