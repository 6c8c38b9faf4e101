"""The voice of the demo talks: eSpeak NG, as the package ``espeakng-loader`` ships it.

The library keeps one voice and one callback for the whole process, so one speaks at a time
(``speak_lib.h`` of eSpeak NG documents every call used here).
"""

import ctypes
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from core.words import CHINESE, ENGLISH
from media.talks.errors import SpeechFailed, TalkImpossible
from media.talks.voices import Speech, spoken_form

PACKAGE: Final = "espeakng-loader"
NAMES: Final = {
    (ENGLISH, "low"): "en-us",
    (ENGLISH, "high"): "en-us+f2",
    (CHINESE, "low"): "cmn",
    (CHINESE, "high"): "cmn+f2",
}
SPEEDS: Final = {ENGLISH: 146, CHINESE: 165}  # words a minute; Chinese counts a syllable as a word
_SYNCHRONOUS: Final = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples come to a callback
_DO_NOT_EXIT: Final = 0x8000  # a missing file is an answer, not the end of this process
_RATE, _PITCH, _RANGE = 1, 3, 4
_UTF8: Final = 1
_WORD_EVENT: Final = 1
LONGEST_PATH: Final = 140  # bytes: the library cuts the path of its data off at 160


class _Name(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("text", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # in characters, from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Name),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))
_lock = threading.Lock()


class EspeakVoice:
    """One of eSpeak NG's voices.

    Args:
        language: ``en`` or ``zh-Hans``.
        kind: ``low`` or ``high``.

    Raises:
        TalkImpossible: The package is not installed.
    """

    def __init__(self, language: str, kind: str) -> None:
        self._language = language
        self._name = NAMES[language, kind]
        self._library, self._rate = load_library()

    def speak(self, text: str) -> Speech:
        """Return ``text`` spoken; see :class:`media.talks.voices.Voice`."""
        spoken, origins = spoken_form(text, self._language)
        pcm = bytearray()
        words: list[tuple[int, int]] = []

        def receive(samples: int | None, count: int, events: Any) -> int:  # noqa: ANN401 -- a pointer
            for event in _until_the_last(events):
                if event.type == _WORD_EVENT:
                    place = min(max(event.text_position - 1, 0), len(origins) - 1)
                    words.append((origins[place], event.sample))
            if samples and count > 0:
                pcm.extend(ctypes.string_at(samples, 2 * count))
            return 0

        with _lock:
            self._synthesise(spoken.encode(), _Callback(receive))
        if not pcm:
            raise SpeechFailed(text)
        return Speech(bytes(pcm), self._rate, tuple(words))

    def _synthesise(self, text: bytes, callback: Any) -> None:  # noqa: ANN401 -- a C function
        library = self._library
        library.espeak_SetSynthCallback(callback)
        if library.espeak_SetVoiceByName(self._name.encode()) != 0:
            raise SpeechFailed(self._name)
        library.espeak_SetParameter(_RATE, SPEEDS[self._language], 0)
        library.espeak_SetParameter(_PITCH, 45, 0)  # a little below the middle: calm
        library.espeak_SetParameter(_RANGE, 45, 0)
        library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)


def _until_the_last(events: Any) -> Any:  # noqa: ANN401 -- a pointer to an array that a 0 ends
    index = 0
    while events[index].type:
        yield events[index]
        index += 1


@cache
def load_library() -> tuple[ctypes.CDLL, int]:
    """Load the library once; return it and its sample rate."""
    folder = _package_folder()
    found = sorted(folder.glob("libespeak-ng.so")) + sorted(folder.glob("libespeak-ng.dylib"))
    try:
        library = ctypes.CDLL(str(found[0]))
    except (IndexError, OSError) as error:
        raise TalkImpossible(PACKAGE) from error
    data = short_path(folder / "espeak-ng-data")
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), _DO_NOT_EXIT)
    if rate <= 0:
        raise TalkImpossible(PACKAGE)
    return library, rate


def _package_folder() -> Path:
    spec = find_spec("espeakng_loader")
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise TalkImpossible(PACKAGE)
    return Path(next(iter(places)))


def short_path(path: Path) -> Path:
    """Return a path to the same folder that is short enough for the library."""
    if len(str(path).encode()) <= LONGEST_PATH:
        return path
    link = Path(mkdtemp(prefix="mindcast-")) / path.name
    link.symlink_to(path)
    return link
