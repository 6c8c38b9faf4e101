"""The life of a livestream: one table of transitions for the livestream and its broadcast."""
