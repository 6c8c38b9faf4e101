"""The answer library: where in a replay a question is answered, in words that somebody checked."""
