"""When people give time: weekly hours and days that differ, on the clocks of their own zone."""
