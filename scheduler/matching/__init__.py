"""Who could host this: verified, qualified, available, free, and whose turn it is."""
