"""A receiver of RTMP encoders: the protocol without any input or output, and an asyncio server.

Source: Adobe, Real-Time Messaging Protocol 1.0 (2012). The receiving half only: see decision 0002.
"""

from streams.doors.rtmp.connection import CloseReason, Connection, Publication
from streams.doors.rtmp.errors import ProtocolError
from streams.doors.rtmp.server import RtmpDoor

__all__ = ["CloseReason", "Connection", "ProtocolError", "Publication", "RtmpDoor"]
