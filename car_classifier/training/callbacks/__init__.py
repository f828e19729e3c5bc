"""Callbacks whose memory survives an interruption."""
