"""Measurements of speed: two sides, taken in turns in one run."""
