"""Questions without a name: asked, read by a moderator, shown, wanted by others, answered."""
