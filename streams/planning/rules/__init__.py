"""What planning allows, by states and times alone. Pure."""
