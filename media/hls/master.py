"""Master playlists: read back, and their rules.

Source: RFC 8216 4.3.4 and Apple's authoring specification.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from media.hls.rows import Finding

_ATTRIBUTE: Final = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
_NEEDED: Final = ("BANDWIDTH", "AVERAGE-BANDWIDTH", "CODECS")
_NEEDED_OF_SOUND: Final = ("GROUP-ID", "NAME", "URI")
_STREAM: Final = "#EXT-X-STREAM-INF:"
_MEDIA: Final = "#EXT-X-MEDIA:"
_SOUND_CODECS: Final = ("mp4a", "ac-3", "ec-3", "opus")

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MasterPlaylist:
    """A master playlist; attributes are without their quotes, a variant's address is ``URI``."""

    variants: tuple[Attributes, ...]
    sounds: tuple[Attributes, ...]

    def uris(self) -> list[str]:
        """Return the address of every media playlist, each once, in order."""
        every = [one.get("URI", "") for one in (*self.variants, *self.sounds)]
        return [uri for uri in dict.fromkeys(every) if uri]


def parse_master(text: str) -> MasterPlaylist:
    """Read a master playlist; what is missing stays missing so that the checker can name it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    variants, sounds = [], []
    for number, line in enumerate(lines):
        if line.startswith(_STREAM):
            uri = next((one for one in lines[number + 1 : number + 2] if one[:1] != "#"), "")
            variants.append(_attributes(line) | ({"URI": uri} if uri else {}))
        elif line.startswith(_MEDIA) and "TYPE=AUDIO" in line:
            sounds.append(_attributes(line))
    return MasterPlaylist(tuple(variants), tuple(sounds))


def check_master(text: str) -> list[Finding]:
    """Return every broken rule of a master playlist."""
    lines, master = text.splitlines(), parse_master(text)
    found = [Finding("header", "does not begin with #EXTM3U")] if lines[:1] != ["#EXTM3U"] else []
    if "#EXT-X-INDEPENDENT-SEGMENTS" not in lines:
        found.append(Finding("independent", "EXT-X-INDEPENDENT-SEGMENTS is missing"))
    if not master.variants:
        found.append(Finding("empty", "there is no variant"))
    found += [finding for one in master.variants for finding in _check_variant(one)]
    found += [finding for one in master.sounds for finding in _check_sound(one)]
    found += _check_groups(master)
    return found + _check_order(master)


def _attributes(line: str) -> dict[str, str]:
    listed = line.partition(":")[2]
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(listed)}


def _check_variant(one: Attributes) -> Iterator[Finding]:
    needed = (*_NEEDED, "URI", *(("FRAME-RATE",) if "RESOLUTION" in one else ()))
    for name in needed:
        if name not in one:
            yield Finding("variant", f"{name} is missing in {dict(one)}")
    if _number(one, "AVERAGE-BANDWIDTH") > _number(one, "BANDWIDTH"):
        yield Finding("variant", f"the average is above the peak in {dict(one)}")


def _check_sound(one: Attributes) -> Iterator[Finding]:
    for name in _NEEDED_OF_SOUND:
        if not one.get(name):
            yield Finding("sound", f"{name} is missing in {dict(one)}")
    if one.get("DEFAULT") == "YES" and one.get("AUTOSELECT") != "YES":
        yield Finding("sound", f"what is played by default is not chosen by itself: {dict(one)}")


def _check_groups(master: MasterPlaylist) -> Iterator[Finding]:
    """Variants name groups that exist, their sound's codec, and its bytes in their bandwidth."""
    groups = {one.get("GROUP-ID", "") for one in master.sounds}
    alone = [_number(one, "BANDWIDTH") for one in master.variants if "RESOLUTION" not in one]
    for one in master.variants:
        group = one.get("AUDIO")
        if group is None:
            continue
        if group not in groups:
            yield Finding("group", f"there is no sound {group}")
        if not any(codec.startswith(_SOUND_CODECS) for codec in one.get("CODECS", "").split(",")):
            yield Finding("group", f"CODECS leaves the sound out in {dict(one)}")
        if _number(one, "BANDWIDTH") <= max(alone, default=0):
            yield Finding("group", f"BANDWIDTH leaves the sound out in {dict(one)}")


def _check_order(master: MasterPlaylist) -> list[Finding]:
    sound_only = ["RESOLUTION" not in one for one in master.variants]
    if sound_only != sorted(sound_only):
        return [Finding("order", "a variant without a picture stands before one with a picture")]
    return []


def _number(one: Attributes, name: str) -> int:
    value = one.get(name, "0")
    return int(value) if value.isdecimal() else 0
