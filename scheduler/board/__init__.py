"""The schedule board of the editors."""
