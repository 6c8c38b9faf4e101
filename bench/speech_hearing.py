"""Run by :mod:`bench.speech` where the engine is installed: hear a file, print text and seconds."""

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from media.captions.whisper import Whisper

if __name__ == "__main__":
    began = time.monotonic()
    words = list(
        Whisper().recognise(Path(sys.argv[1]), language=sys.argv[2], progress=lambda _: None)
    )
    if any(later.start_ms < word.start_ms for word, later in pairwise(words)):
        sys.exit("the words are not in order")
    text = "".join(word.text for word in words)
    print(json.dumps({"text": text, "seconds": time.monotonic() - began}))
