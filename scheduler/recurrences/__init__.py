"""Series by recurrence: rules in wall time, and the livestreams that they made."""
