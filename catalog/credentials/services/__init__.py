"""Writes of applications, licences and consents; the caller commits."""
