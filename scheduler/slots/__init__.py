"""Times that editors offer and hosts claim, first come first served."""
