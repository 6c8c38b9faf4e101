"""Every table of every room: importing this module completes ``Base.metadata``."""

import accounts.models
import catalog.models
import core.heartbeats
import core.limits
import core.work.models
import media.models
import streams.doors.models
import streams.playback.models
import web.api.models

ROOMS = (
    core.heartbeats,
    core.limits,
    core.work.models,
    accounts.models,
    media.models,
    catalog.models,
    streams.doors.models,
    streams.playback.models,
    web.api.models,
)
"""The modules with tables, from the floor up."""
