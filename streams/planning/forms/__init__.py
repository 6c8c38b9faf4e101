"""The forms of the planning pages."""
