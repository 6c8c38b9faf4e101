"""The editors' pages: topics, series, hosts and livestreams with drafts, preview, undo and history.

What is kept is the whole content of a subject, as JSON of a fixed shape per kind (see
:mod:`catalog.editing.rules.contents`). A draft is a :class:`catalog.models.Revision` in the state
``draft``, one per subject; what was published stays as history. A draft that was put aside stays as
well: it is ``published`` without ``published_at``, and can be taken up again.
"""
