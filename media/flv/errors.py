"""What can be wrong with FLV data."""


class FlvError(Exception):
    """The data is no FLV, or is cut off or damaged; the message says where and how."""
