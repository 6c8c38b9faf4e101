"""The moderators' desk: who reads the questions of a livestream, and what becomes of each.

It stands above the questions and changes them through their services alone. What it keeps of its
own: which question the host is asked to answer next, and who was told of one that cannot wait.
"""
