"""The step that makes the sound of a recording: a rendition of the ladder and a download."""

from core.clock import utc_now
from media.assets import keep_asset
from media.ladder.rows import go_on_when_complete, hold_broadcast
from media.ladder.sound import DOWNLOAD, make_sound_rendition, planned_sound, record_sound
from media.steps import StepContext


def make_sound(context: StepContext) -> None:
    """Make the sound of a ladder, and the file to download from the same packets.

    Raises:
        StepRefused: There is no plan, or it has no sound.
    """
    plan = planned_sound(context)
    with context.folder() as folder:
        sound = make_sound_rendition(context, plan, folder)
        details = {
            "duration_us": sum(part.duration_us for part in plan.parts),
            "loudness": sound.loudness.as_row(),
        }
        keep_asset(
            context, kind="sound", name=DOWNLOAD, file=sound.file, details=details, cut=plan.cut
        )
        record_sound(context, plan, sound)
    with context.sessions.begin() as session:
        hold_broadcast(session, broadcast_id=context.subject)
        go_on_when_complete(
            session, broadcast_id=context.subject, generation=plan.generation, now=utc_now()
        )
