"""Captions: files that people bring, lines that they correct, and words that an engine hears.

``reading`` and ``decoding`` take in what others wrote, ``writing`` gives it out again, ``editing``
replaces lines and ``lines`` makes them of words, all pure. ``ports`` says what a speech engine
does, ``whisper`` is one behind an optional extra, ``recognising`` the step that asks it.
Knows no livestream and no Flask.
"""
