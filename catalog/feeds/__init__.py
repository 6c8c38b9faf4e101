"""What other programs follow: calendars (iCalendar) and podcasts (RSS)."""
