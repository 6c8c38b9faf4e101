"""Everything that is held about a person, over all rooms: handed over, and erased."""
