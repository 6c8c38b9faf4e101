"""Times that editors offer and hosts claim."""
