"""Notices: what people are told by mail and text message, and what they want to be told.

Rooms above write down that somebody is to be told something (:mod:`services`); a worker claims the
row, asks the room for what is true at that moment (:mod:`ports`), and sends it (:mod:`delivery`).
Knows no livestream: an occurrence is an id, and a source puts it into words.
"""
