"""What a host is told after a livestream: how many watched, and what was left unanswered.

It stands above the rooms that it tells of. No figure below the least group leaves it.
"""
