"""The schedule: what begins on a day or in a week, narrowed by what its address says."""
