"""Cuts: the start and the end of a recording that its host does not want to be shown.

Nothing is encoded for a cut. It is a line in program time that playlists and the gate of objects
draw (``media.window``); ``services`` moves the line, ``step`` removes for good what is behind it
once it may no longer be undone, and ``rules`` chooses it and moves texts with it.
"""
