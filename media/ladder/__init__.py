"""The full ladder of a recording: every rung in one decode, in parts that workers share.

``plan`` decides (pure), ``planning`` reads the recording and asks for the work, ``part`` encodes,
``publish`` checks everything and lets viewers have it. A ladder is shown whole or not at all:
its renditions carry a generation, and playlists know only generation 0 (what was made while live)
and the one that the broadcast says is shown.
"""
