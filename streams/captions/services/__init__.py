"""Writing captions: those of a replay, and lines typed while live. Services flush."""
