"""Recordings that must not be kept: hidden, removed for certain, and a receipt of it."""
