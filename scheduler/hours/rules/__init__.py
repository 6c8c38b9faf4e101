"""Pure decisions about hours: intervals of a day, open spans, the grid of a week, clocks."""
