"""The search for another host, in ranked waves."""
