"""What a replay offers besides its picture: captions, chapters, transcript, poster, downloads.

Only read here; :mod:`media.tracks` and the jobs of ``media`` write. May import
catalog, media and playback.
"""
