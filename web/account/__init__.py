"""Pages of an account: the ways into it, what stands in it, what is kept, and its end."""
