"""The machine: cores, memory, encoders, and what it can carry live, measured."""

from pathlib import Path

from core.settings import Settings
from media.binaries import ProgramMissing, ffmpeg_path
from media.capacity import cores, measure_capacity
from media.process import ProcessFailed, run_checked
from media.rungs import RUNGS, Capacity, Picture, Rung, cores_for
from web.doctor.findings import Finding, State, failed, judged

ENCODERS = ("libx264", "aac", "libopus", "h264_nvenc", "h264_qsv", "h264_vaapi")
NEEDED_ENCODERS = {"libx264", "aac"}
ENOUGH_CORES = 2
ENOUGH_MEMORY = 2 * 2**30  # bytes; one site with a broadcast takes about one of these
MEMORY_FILE = Path("/proc/meminfo")
HD = Picture(1280, 720, 30.0)
HD_ENCODED = Picture(1280, 720, 30.0, encoded=True)
COPIED_CORES = 0.1  # door, packager, uploads and storage for a feed of 3 Mb/s
CARE = 1.4  # after the end encoding takes more care than live, and so more time
OTHER_FFMPEG = (
    "Put an ffmpeg with libx264 and aac on PATH, or run `make run` again: it installs one."
)
ONLY_COPIES = (
    "Ask hosts for H.264 with a keyframe a second, which needs no encoding, set LIVE_RUNGS=0, "
    "or use a machine with more cores."
)


def look_at_cores() -> Finding:
    """Count the cores that this process may use."""
    count = cores()
    advice = (
        "Give the machine a second core: with one, encoding and viewers are in each other's way."
    )
    return judged(f"{count} to use", advice, well=count >= ENOUGH_CORES)


def look_at_memory() -> Finding:
    """Look at the memory that programs can still have."""
    free = free_memory()
    if free is None:
        return Finding(State.OFF, "this system does not say")
    advice = "End other programs or add memory: a site with one broadcast takes about 1 GiB."
    return judged(f"{free / 2**30:.1f} GiB free", advice, well=free >= ENOUGH_MEMORY)


def free_memory() -> int | None:
    """Return the bytes that programs can still have; None where the system does not say."""
    try:
        lines = MEMORY_FILE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = next((line for line in lines if line.startswith("MemAvailable:")), None)
    return None if found is None else int(found.split()[1]) * 1024


def look_at_encoders() -> Finding:
    """List the encoders ffmpeg has that the house knows how to use."""
    try:
        done = run_checked([ffmpeg_path(), "-hide_banner", "-encoders"], timeout=20)
    except (ProgramMissing, ProcessFailed) as error:
        return failed(str(error), OTHER_FFMPEG)
    listed = {
        line.split()[1] for line in done.stdout.decode().splitlines() if len(line.split()) > 1
    }
    found = [name for name in ENCODERS if name in listed]
    return judged(", ".join(found), OTHER_FFMPEG, well=set(found) >= NEEDED_ENCODERS)


def look_at_live(settings: Settings) -> Finding:
    """Measure what the machine can carry live: a few seconds, whatever was measured before."""
    try:
        capacity = measure_capacity()
    except (ProgramMissing, ProcessFailed) as error:
        return failed(str(error), OTHER_FFMPEG)
    rungs = wanted_rungs(settings)
    return judged(
        carried_in_words(capacity, rungs),
        ONLY_COPIES,
        well=how_many(capacity, HD, rungs) > 0,
    )


def wanted_rungs(settings: Settings) -> tuple[Rung, ...]:
    """Return the rungs that this site makes when the machine carries them."""
    allowed = settings.live_rungs
    return tuple(rung for rung in RUNGS if allowed is None or rung.lines in allowed)


def how_many(capacity: Capacity, picture: Picture, rungs: tuple[Rung, ...]) -> int:
    """Return how many such feeds the machine carries at once."""
    each = COPIED_CORES + cores_for(capacity, picture, rungs)
    return int(round(capacity.budget / each, 6))  # 14 times a tenth is a little less than 1.4


def after_the_end(capacity: Capacity) -> float:
    """Return how many seconds of 720p become a full ladder in one, with nothing else to do."""
    return capacity.cores / (cores_for(capacity, HD_ENCODED, RUNGS) * CARE)


def carried_in_words(capacity: Capacity, rungs: tuple[Rung, ...]) -> str:
    """Say what the machine carries, for the person who runs it."""
    below = "+".join(str(rung.lines) for rung in rungs)
    shares = [f"{how_many(capacity, HD, ())} x 720p30 copied"]
    if rungs:
        shares.append(f"{how_many(capacity, HD, rungs)} x copied with {below} below")
    shares.append(f"{how_many(capacity, HD_ENCODED, rungs)} x encoded{' with them' * bool(rungs)}")
    ladder = f"after the end {after_the_end(capacity):.1f} x real time"
    return f"{', or '.join(shares)}; {ladder}"
