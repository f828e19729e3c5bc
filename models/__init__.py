"""Picture classifiers: one file per family, one shared head, the table of them in `models.registry`."""
