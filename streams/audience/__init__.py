"""How many watch, without knowing who: beats of open pages, counted by the minute."""
