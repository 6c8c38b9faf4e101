"""A finished talk that came as a file becomes a recording like any other.

``checks.py`` says by content what a file is, ``plans.py`` what is copied and what is encoded,
``remuxing.py`` turns it into segments, ``keeping.py`` puts these into storage and writes their
rows, ``step.py`` is the whole of it as a background step. No livestream is known here:
what an imported talk means for one is given in by whoever does.
"""
