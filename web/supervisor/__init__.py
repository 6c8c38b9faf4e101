"""``mindcast serve``: starts, watches and ends everything that one machine needs.

``main`` tells the story in order; ``watch`` keeps the children alive; the other modules prepare one
thing each. The supervisor itself has no threads and no open database connection, because the Python
roles are forked from it.
"""
