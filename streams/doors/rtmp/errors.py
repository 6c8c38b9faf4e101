"""What an encoder can do wrong on the wire."""


class ProtocolError(Exception):
    """The peer broke the protocol or a bound; the message repeats nothing of what it sent."""
