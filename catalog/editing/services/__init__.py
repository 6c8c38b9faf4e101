"""Writes of the editors' pages; the caller commits.

Every write locks its subject first, so that two editors are one after the other.
"""

from catalog.editing.services.drafts import discard_draft, keep_aside, save_draft
from catalog.editing.services.publishing import publish, restore
from catalog.editing.services.removing import remove

__all__ = ["discard_draft", "keep_aside", "publish", "remove", "restore", "save_draft"]
