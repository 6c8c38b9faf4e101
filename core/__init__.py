"""The floor: settings, clock, database, errors, ids, secrets and the Work record.

No storage, no HTTP, and no import from any other room.

Zones are read from the tzdata package, whatever the machine has: their version is known then, and
changes with a release (:mod:`scheduler.zone_data`).
"""

import zoneinfo

zoneinfo.reset_tzpath(to=())
