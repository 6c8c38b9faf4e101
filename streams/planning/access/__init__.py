"""Who may claim, propose, move and hand over; every page and API operation asks here."""
