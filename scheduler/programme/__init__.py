"""Livestreams on the grid: their state says what time they take, and of whom."""
