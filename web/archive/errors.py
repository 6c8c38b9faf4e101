"""Why a backup or a restore is refused: one sentence each, with what to do."""

from core.errors import Refusal


class ArchiveRefusal(Refusal):
    """The family of what `mindcast backup` and `mindcast restore` refuse."""

    code = "archive"


class FileThere(ArchiveRefusal):
    """A backup never replaces another one unasked."""

    message = "%(file)s exists already; choose another name, or replace it with --force."


class FileUnusable(ArchiveRefusal):
    """The file cannot be read or written."""

    message = "%(file)s cannot be used: %(reason)s."


class BackupRuns(ArchiveRefusal):
    """Another backup writes the same file now."""

    message = "Another backup is writing %(file)s now."


class NotOurs(ArchiveRefusal):
    """The file is something else."""

    message = "%(file)s is not a backup of Mindcast."


class Damaged(ArchiveRefusal):
    """Some byte is not what was written."""

    message = "%(file)s is damaged (%(where)s); nothing was changed. Use another backup."


class TooNew(ArchiveRefusal):
    """A later release wrote it."""

    message = "%(file)s was made by a newer release of Mindcast; restore it with that one."


class NothingThere(ArchiveRefusal):
    """The home has no tables."""

    message = "MINDCAST_HOME=%(home)s has nothing to back up: the site has never been started."


class DatabaseAway(ArchiveRefusal):
    """The database cannot be read."""

    message = "The database cannot be used: %(reason)s."


class OldTables(ArchiveRefusal):
    """The tables are not those of this release."""

    message = "The tables are of another release; run `mindcast db upgrade` first."


class HomeRuns(ArchiveRefusal):
    """Nothing can be replaced under a running site."""

    message = "Mindcast runs with MINDCAST_HOME=%(home)s; end it first."


class HomeUnusable(ArchiveRefusal):
    """The home cannot be opened; the reason is a sentence already."""

    message = "%(reason)s"


class HasData(ArchiveRefusal):
    """A restore never replaces people unasked."""

    message = (
        "The database of MINDCAST_HOME=%(home)s has accounts already; "
        "choose an empty home, or replace everything with --force."
    )


class OtherKey(ArchiveRefusal):
    """The environment would hide the key that the data was written with."""

    message = "%(name)s in the environment is not the one of the backup; unset it or set that one."


class StorageAway(ArchiveRefusal):
    """The object storage does not answer."""

    message = "The object storage cannot be used: %(reason)s."


class Stopped(ArchiveRefusal):
    """Something failed in the middle of a restore."""

    message = (
        "The restore failed: %(reason)s. Nothing was restored; remove the cause and run it again."
    )
