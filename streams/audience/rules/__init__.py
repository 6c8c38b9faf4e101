"""What a beat stands for, what may be told of a count, and what a report says. Pure."""
