"""The PDF that a host shows: kept for the crew of a livestream alone, gone 30 days after."""
