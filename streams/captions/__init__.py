"""Captions of a livestream: brought as a file, typed live, made by a program, corrected.

``access`` says who may, ``services.tracks`` changes the words of a replay, ``services.live`` takes
lines while it is on air, ``jobs`` turns those into captions of the replay and lets a speech engine
hear what nobody has written down. May import catalog, media, and the rooms of streams below.
"""
