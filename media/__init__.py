"""Objects, ffmpeg, the ingest journal, segments, playlists and replays.

Knows no livestream, no person and no Flask. Imports core only.
"""
