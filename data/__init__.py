"""From picture files to batches: readers, splits, the one decoder, geometry, augmentation, loader."""
