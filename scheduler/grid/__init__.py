"""Reservations: time of people and rooms on a grid of five minutes, never taken twice."""
