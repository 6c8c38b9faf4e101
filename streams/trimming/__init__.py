"""A replay without its first or last minutes: what is cut is shown to nobody, then removed."""
