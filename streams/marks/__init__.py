"""Marks that a host sets while live, and the chapters that they become."""
