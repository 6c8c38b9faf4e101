"""What a node reads and writes about its broadcasts, each method a transaction of its own."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from core.database import Sessions, read_only
from core.heartbeats import beat
from media.enums import IngestKind
from media.errors import LeaseLostError
from media.queries import claimable_broadcasts, end_is_requested
from media.services import (
    Lease,
    acquire_lease,
    check_lease,
    close_ingest,
    note_jump,
    open_ingest,
    renew_leases,
)
from streams.life.queries import livestream_of_broadcast, standing_of
from streams.node.admission import Invitation, invitation_of, note_arrival, note_departure
from streams.node.owner import Owner

ROLE = "live"


class Rows:
    """The database as one node sees it.

    Args:
        sessions: Of the home's database.
        node: Name of this node.
        clock: The present moment, for rows.
    """

    def __init__(self, *, sessions: Sessions, node: str, clock: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._node = node
        self._clock = clock

    def invite(self, key: str) -> Invitation | None:
        """Return what a stream key opens.

        Raises:
            NotVerified, GateShut: As :func:`streams.node.admission.invitation_of`.
        """
        with read_only(self._sessions) as session:
            return invitation_of(session, key=key, now=self._clock())

    def arrive(self, owner: Owner) -> str:
        """Open an ingest for an encoder; return its id.

        Raises:
            Refusal: The livestream ended a moment ago.
        """
        now = self._clock()
        with self._sessions() as session:
            note_arrival(session, livestream_id=owner.livestream_id, now=now)
            ingest = open_ingest(session, owner.lease, kind=IngestKind.RTMP, now=now)
            owner.opened(ingest.id)  # before the row is seen: an ingest nobody fills is over
            try:
                session.commit()
            except BaseException:
                owner.closed(ingest.id)
                raise
        return ingest.id

    def leave(self, owner: Owner, ingest_id: str, *, departed: bool) -> None:
        """Close an ingest; unless another encoder or node has taken over, viewers are told."""
        with self._sessions() as session:
            if departed:
                self._note_departure(owner, session)
            close_ingest(session, ingest_id=ingest_id, now=self._clock())
            session.commit()

    def depart(self, owner: Owner) -> None:
        """Tell the viewers that the encoder is gone."""
        with self._sessions() as session:
            self._note_departure(owner, session)
            session.commit()

    def note_jump(self, ingest_id: str) -> None:
        """Tell the host that the encoder's clock jumped."""
        with self._sessions() as session:
            note_jump(session, ingest_id=ingest_id)
            session.commit()

    def acquire(self, broadcast_id: str, *, orphan: str | None = None) -> Lease | None:
        """Take a broadcast; that of livestream ``orphan`` has no encoder until it comes back."""
        with self._sessions() as session:
            lease = acquire_lease(session, broadcast_id=broadcast_id, node=self._node)
            if lease is not None and orphan is not None:
                note_departure(session, livestream_id=orphan, now=self._clock())
            session.commit()
            return lease

    def renew(self, leases: list[Lease]) -> set[str]:
        """Extend leases; return the broadcasts that are lost."""
        with self._sessions() as session:
            lost = renew_leases(session, leases)
            session.commit()
            return lost

    def claimable(self) -> list[tuple[str, str]]:
        """Return (livestream, broadcast) of what this node may adopt or holds."""
        with read_only(self._sessions) as session:
            found = [
                (livestream_of_broadcast(session, broadcast_id=one), one)
                for one in claimable_broadcasts(session, node=self._node)
            ]
        return [(livestream, one) for livestream, one in found if livestream is not None]

    def is_to_end(self, broadcast_id: str) -> bool:
        """Tell whether somebody has asked for the end."""
        with read_only(self._sessions) as session:
            return end_is_requested(session, broadcast_id=broadcast_id)

    def host_of(self, livestream_id: str) -> str:
        """Return who hosts a livestream at present."""
        with read_only(self._sessions) as session:
            return standing_of(session, livestream_id=livestream_id).host_id

    def beat(self) -> None:
        """Say that the node is well."""
        with self._sessions() as session:
            beat(session, role=ROLE, node=self._node, now=self._clock())
            session.commit()

    def _note_departure(self, owner: Owner, session: Session) -> None:
        try:
            check_lease(session, owner.lease)
        except LeaseLostError:
            return  # the new owner speaks for the broadcast now
        note_departure(session, livestream_id=owner.livestream_id, now=self._clock())
