"""From the ledger to the way out: what is due is looked at again, said, sent and recorded."""

from accounts.notices.delivery.clocks import CarriedClock, Clock
from accounts.notices.delivery.engine import Compose, Delivery

__all__ = ["CarriedClock", "Clock", "Compose", "Delivery"]
