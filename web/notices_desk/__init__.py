"""What editors and administrators see of notices: their wording, how they look, the outbox."""
