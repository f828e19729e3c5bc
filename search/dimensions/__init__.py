"""The kinds of ranges that a hyper-parameter can have, one per file."""
