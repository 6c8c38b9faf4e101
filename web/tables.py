"""Every table of every room: importing this module completes ``Base.metadata``."""

import accounts.joining.models
import accounts.models
import accounts.notices.models
import catalog.credentials.models
import catalog.follows.models
import catalog.models
import catalog.search.models
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
import streams.answers.models
import streams.audience.models
import streams.captions.models
import streams.doors.models
import streams.handouts.models
import streams.history.models
import streams.marks.models
import streams.moderation.models
import streams.playback.models
import streams.polls.models
import streams.questions.models
import streams.readiness.models
import streams.removal.models
import streams.room.models
import streams.studio.models
import web.api.models

ROOMS = (
    core.heartbeats,
    core.limits,
    core.work.models,
    accounts.models,
    accounts.notices.models,
    accounts.joining.models,
    media.models,
    catalog.models,
    catalog.credentials.models,
    catalog.follows.models,
    scheduler.models.duties,
    scheduler.models.grid,
    scheduler.models.hours,
    scheduler.models.notices,
    scheduler.models.programme,
    scheduler.models.slots,
    scheduler.models.substitutes,
    streams.doors.models,
    streams.readiness.models,
    streams.playback.models,
    streams.audience.models,
    streams.marks.models,
    streams.removal.models,
    streams.studio.models,
    streams.handouts.models,
    streams.room.models,
    streams.questions.models,
    streams.polls.models,
    streams.captions.models,
    streams.answers.models,
    streams.moderation.models,
    streams.history.models,
    web.api.models,
)
"""The modules with tables, from the floor up."""
