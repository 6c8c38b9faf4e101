"""A new version of the zone database: future starts are derived again from their wall times."""
