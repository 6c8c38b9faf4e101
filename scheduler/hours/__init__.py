"""When people give time: weekly hours, days that differ, and what is open of them."""
