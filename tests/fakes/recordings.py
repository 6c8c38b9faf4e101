"""Real fragmented MP4 in storage, as a packager would have left it."""

from pathlib import Path

from media import paths
from media.binaries import ffmpeg_path
from media.process import run_checked
from tests.fakes.shows import Show
from tests.fakes.storage import MemoryStorage

SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate={rate}", "-c:a", "aac", "-vn")
PICTURE = (
    *("-f", "lavfi", "-i", "{picture}size={size}:rate=10"),
    *("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", "-an"),
)


def record_run(
    show: Show,
    storage: MemoryStorage,
    folder: Path,
    number: int,
    *,
    seconds: int = 3,
    rate: int = 48_000,
    picture: str = "testsrc2=",
    size: str = "320x180",
) -> None:
    """Add a run of segments of one second to ``show`` and its objects to ``storage``."""
    show.begin_run(number)
    programs = {"source": PICTURE, "sound": SOUND}
    for name, program in programs.items():
        if name in show.renditions:
            filled = [part.format(rate=rate, picture=picture, size=size) for part in program]
            _record(show, storage, folder / f"{number}-{name}", filled, name, number, seconds)
    for _ in range(seconds):
        show.add()


def _record(
    show: Show,
    storage: MemoryStorage,
    folder: Path,
    program: list[str],
    name: str,
    number: int,
    seconds: int,
) -> None:
    folder.mkdir(parents=True)
    options = ["-t", str(seconds), "-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "1"]
    listing = ["-hls_list_size", "0", "-hls_fmp4_init_filename", "init.mp4", "x.m3u8"]
    run_checked(
        [ffmpeg_path(), "-loglevel", "error", "-nostdin", *program, *options, *listing],
        cwd=folder,
        timeout=60,
    )
    first = show.lengths[name]
    init = paths.init_key(show.id, name, number)
    storage.put_bytes(init, (folder / "init.mp4").read_bytes(), content_type="video/mp4")
    for index in range(seconds):
        key = paths.segment_key(show.id, name, number, first + index)
        storage.put_file(key, folder / f"x{index}.m4s", content_type="video/iso.segment")
