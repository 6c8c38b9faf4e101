"""Posters: one sheet of paper per livestream that leads a telephone to its page.

The layout is drawn once, in pixels of an A4 sheet, and written as SVG or painted as PNG from the
same list of strokes. May import catalog; the letters are those of the demo talks' slides.
"""
