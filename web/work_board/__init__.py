"""The administrator's board of background work: what waits, runs, is done or failed, and why."""
