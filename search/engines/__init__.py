"""The engines, one file or folder each."""
