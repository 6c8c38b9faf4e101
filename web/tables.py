"""Every table of every room: importing this module completes ``Base.metadata``."""

import accounts.models
import accounts.notices.models
import catalog.credentials.models
import catalog.models
import core.heartbeats
import core.limits
import core.work.models
import media.models
import scheduler.models.duties
import scheduler.models.grid
import scheduler.models.hours
import scheduler.models.notices
import scheduler.models.programme
import scheduler.models.slots
import scheduler.models.substitutes
import streams.doors.models
import streams.playback.models
import web.api.models

ROOMS = (
    core.heartbeats,
    core.limits,
    core.work.models,
    accounts.models,
    accounts.notices.models,
    media.models,
    catalog.models,
    catalog.credentials.models,
    scheduler.models.duties,
    scheduler.models.grid,
    scheduler.models.hours,
    scheduler.models.notices,
    scheduler.models.programme,
    scheduler.models.slots,
    scheduler.models.substitutes,
    streams.doors.models,
    streams.playback.models,
    web.api.models,
)
"""The modules with tables, from the floor up."""
