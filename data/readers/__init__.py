"""One file per data set; each has a function `read_<name>(folder) -> Dataset` named in `data/registry.py`."""
