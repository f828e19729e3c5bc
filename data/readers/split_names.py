"""What splits are called in folders and tables of strangers, in lower case."""

SPLITS_BY_NAME = {
    "train": "train", "test": "test", "val": "validation", "valid": "validation", "validation": "validation",
}
