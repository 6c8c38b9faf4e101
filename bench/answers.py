"""The same question to the edge and to the application behind it, and to ffprobe."""

import json
import subprocess

from bench.broadcast import Broadcast
from bench.listings import read_listed
from media.binaries import ffmpeg_path, ffprobe_path

COMPARED = ("content-type", "cache-control", "etag")
TRIES = 5


def compare_answers(broadcast: Broadcast) -> dict[str, list[str]]:
    """Return what differs between edge and application, by kind of object."""
    listed = read_listed(broadcast)
    source = next(iter(listed.texts))
    return {
        "master": differences(broadcast, broadcast.master),
        "playlist": differences(broadcast, f"{broadcast.folder}{source}/index.m3u8"),
        "init": differences(broadcast, listed.inits()[0]),
        "segment": differences(broadcast, listed.segments()[0]),
    }


def differences(broadcast: Broadcast, url: str) -> list[str]:
    """Return what differs; a live playlist may have grown in between and is asked for again."""
    found: list[str] = []
    for _ in range(TRIES):
        found = _compare(broadcast, url)
        if "body" not in found:
            break
    return found


def _compare(broadcast: Broadcast, url: str) -> list[str]:
    site = broadcast.site
    host, path = site.url.partition("//")[2], url.removeprefix(site.url)
    app = f"http://127.0.0.1:{site.services()['app_port']}{path}"
    outside = site.get(url)
    inside = site.get(app, headers={"Host": host})
    found = [] if outside.status == inside.status else [f"status {outside.status}/{inside.status}"]
    found += [] if outside.body == inside.body else ["body"]
    for name in COMPARED:
        one, other = outside.headers.get(name), inside.headers.get(name)
        found += [] if one == other else [f"{name} {one} / {other}"]
    return found


def probe(url: str) -> list[str]:
    """Return the kinds of streams that ffprobe finds at an address, or its complaint."""
    asked = [str(ffprobe_path()), "-v", "error", "-show_streams", "-of", "json", url]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        return [done.stderr.strip()[-300:]]
    return sorted({str(one["codec_type"]) for one in json.loads(done.stdout)["streams"]})


def decoding_errors(url: str) -> list[str]:
    """Decode everything at an address; return what ffmpeg complained of.

    Times stay as they are: a browser's frames come when they come, and rounded to a steady rate two
    of them would have one time, which is no fault of the replay.
    """
    times = ("-fps_mode", "passthrough", "-enc_time_base:v", "demux")
    asked = [str(ffmpeg_path()), "-v", "error", "-i", url, *times, "-f", "null", "-"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=600, check=False)
    lines = done.stderr.strip().splitlines()
    return lines + ([f"it ended with {done.returncode}"] if done.returncode else [])
