"""Reads of recipients, registrations and the ledger."""
