"""Words, queries, marks, typing errors and calls for help. Pure."""
