"""The floor: settings, clock, database, errors, ids, secrets and the Work record.

No storage, no HTTP, and no import from any other room.
"""
