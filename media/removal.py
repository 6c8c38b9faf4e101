"""Takes away every object and file of a broadcast whose rows are gone."""

import shutil

from media import paths
from media.steps import StepContext


def remove_media(context: StepContext) -> None:
    """Remove all objects of the broadcast ``context.subject``, and what this node kept of it."""
    for key in list(context.storage.list_keys(paths.broadcast_prefix(context.subject))):
        context.storage.delete(key)
        context.progress(0.5)  # how many are left is not known; what matters is that it may stop
    for folder in (context.settings.spool, context.settings.journal):
        shutil.rmtree(folder / context.subject, ignore_errors=True)
