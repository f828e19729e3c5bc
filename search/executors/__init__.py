"""Where trials run, one file each."""
