"""The only door to matplotlib: one file per plot, one style for all."""
